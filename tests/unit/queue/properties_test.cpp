#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "queue/moves.hpp"
#include "queue/rules.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::queue;

namespace {

using Random = std::mt19937;

int below(Random& random, int limit) {
  return std::uniform_int_distribution<int>(0, limit - 1)(random);
}

Task random_task(Random& random) {
  Task task;
  task.id = std::string("id") + std::to_string(below(random, 40));
  task.priority = static_cast<Priority>(below(random, 4));
  task.created_at = Timestamp(Duration(below(random, 5)));
  return task;
}

/// What the rules promise about one task, kept apart from how they do it.
struct Model {
  TaskStatus status = TaskStatus::Inbox;
  std::int64_t tokens_given = 0;
  std::int64_t valid_token = 0;  ///< 0: nobody holds the task.
  Timestamp expires_at{};
  std::int64_t attempts = 0;
  std::int64_t counted = 0;
};

void check_agreement(const Task& task, const Model& model) {
  CHECK(task.status == model.status);
  CHECK(task.last_token == model.tokens_given);
  CHECK(task.lease.has_value() == (model.status == TaskStatus::InFlight));
  CHECK(task.lease.has_value() == (model.valid_token != 0));
  if (task.lease) {
    CHECK(task.lease->token == model.valid_token);
    CHECK(task.lease->expires_at == model.expires_at);
  }
  CHECK(static_cast<std::int64_t>(task.attempts.size()) == model.attempts);
  CHECK(counted_attempts(task) == model.counted);
  CHECK(task.blocked_reason.empty() == (model.status != TaskStatus::Blocked));
}

/// One random history of a task, step by step beside the model.
class History {
 public:
  explicit History(unsigned seed) : random_(seed) { task_.id = "bcdf2345"; }

  void step() {
    now_ += Duration(below(random_, 40));
    switch (below(random_, 8)) {
      case 0:
      case 1:
        return claim();
      case 2:
        return move();
      case 3:
        return block_or_unblock();
      case 4:
        return renew();
      case 5:
        return release();
      case 6:
        return close();
      default:
        return complete();
    }
  }
  const Task& task() const { return task_; }
  const Model& model() const { return model_; }

 private:
  static constexpr std::int64_t most_attempts = 3;
  static constexpr Duration lease{50};

  /// Mostly the valid token, sometimes an older or an invented one.
  std::int64_t some_token() {
    if (below(random_, 3) > 0 && model_.valid_token != 0) return model_.valid_token;
    return below(random_, static_cast<int>(model_.tokens_given) + 3);
  }

  void claim() {
    const std::vector<std::string> blockers =
        below(random_, 5) == 0 ? std::vector<std::string>{"x"} : std::vector<std::string>{};
    const auto decision = decide_claim(task_, blockers, {"worker", now_, lease, most_attempts});
    const bool expired = model_.status == TaskStatus::InFlight && model_.expires_at <= now_;
    if (!blockers.empty() || (model_.status != TaskStatus::Ready && !expired)) {
      CHECK(std::holds_alternative<NotClaimable>(decision));
      return;
    }
    if (expired) {
      ++model_.attempts;
      ++model_.counted;
    }
    if (model_.counted >= most_attempts) {
      REQUIRE(std::holds_alternative<Exhausted>(decision));
      task_ = std::get<Exhausted>(decision).task;
      leave_flight(TaskStatus::Blocked);
      return;
    }
    REQUIRE(std::holds_alternative<Claimed>(decision));
    const std::int64_t before = task_.last_token;
    task_ = std::get<Claimed>(decision).task;
    CHECK(task_.last_token > before);
    model_.status = TaskStatus::InFlight;
    model_.valid_token = ++model_.tokens_given;
    model_.expires_at = now_ + lease;
  }

  void move() {
    const auto to = static_cast<TaskStatus>(below(random_, 7));
    const bool goes_on = model_.status == TaskStatus::Blocked || model_.status == TaskStatus::Review ||
                         model_.status == TaskStatus::Done;
    attempt(is_legal(model_.status, to, Operation::Move), [&] {
      task_ = moved(task_, to);
      if (goes_on) model_.counted = 0;
      model_.status = to;
    });
  }

  void block_or_unblock() {
    if (below(random_, 2) == 0) {
      attempt(model_.status != TaskStatus::Done && model_.status != TaskStatus::Blocked, [&] {
        task_ = blocked(task_, "because");
        leave_flight(TaskStatus::Blocked);
      });
      return;
    }
    attempt(model_.status == TaskStatus::Blocked, [&] {
      task_ = unblocked(task_);
      model_.status = TaskStatus::Ready;
      model_.counted = 0;
    });
  }

  void close() {
    const bool drops = below(random_, 2) == 0;
    Closer closer{below(random_, 2) == 0 ? "worker" : "person", std::nullopt};
    if (below(random_, 3) == 0) closer.token = some_token();
    const bool in_flight = model_.status == TaskStatus::InFlight;
    const bool allowed = closer.token ? holds(*closer.token) : !in_flight || closer.worker == "worker";
    attempt(allowed && model_.status != TaskStatus::Done, [&] {
      Attempt attempt;
      attempt.owner = "person";
      attempt.ended_at = now_;
      task_ = drops ? dropped(task_, closer, attempt) : closed(task_, closer);
      if (drops) ++model_.attempts;
      CHECK(is_dropped(task_) == drops);
      model_.counted = drops ? 1 : 0;
      leave_flight(TaskStatus::Done);
    });
  }

  void renew() {
    const std::int64_t token = some_token();
    attempt(holds(token), [&] {
      task_ = renewed(task_, token, now_, lease);
      model_.expires_at = now_ + lease;
    });
  }

  void release() {
    const std::int64_t token = some_token();
    const bool counts = below(random_, 2) == 0;
    attempt(holds(token), [&] {
      task_ =
          released(task_, token, {"r", "worker", counts ? "failed" : "released", "", now_}, most_attempts);
      ++model_.attempts;
      if (counts) ++model_.counted;
      leave_flight(model_.counted >= most_attempts ? TaskStatus::Blocked : TaskStatus::Ready);
    });
  }

  void complete() {
    const std::int64_t token = some_token();
    const bool review = below(random_, 2) == 0;
    const bool unmet = below(random_, 4) == 0;
    CompletionCheck check{unmet ? std::vector<std::string>{"x"} : std::vector<std::string>{}, review};
    attempt(holds(token) && !unmet, [&] {
      task_ = completed(task_, token, check, {}, now_);
      leave_flight(review ? TaskStatus::Review : TaskStatus::Done);
    });
  }

  bool holds(std::int64_t token) const { return token != 0 && token == model_.valid_token; }

  void leave_flight(TaskStatus to) {
    model_.status = to;
    model_.valid_token = 0;
  }

  /// `action` must succeed exactly when `allowed`, and change nothing otherwise.
  template <typename Action>
  void attempt(bool allowed, const Action& action) {
    if (allowed) {
      action();
    } else {
      const Task before = task_;
      const Model model = model_;
      CHECK_THROWS_AS(action(), Error);
      CHECK(before.status == task_.status);
      model_ = model;
    }
  }

  Random random_;
  Timestamp now_{};
  Task task_;
  Model model_;
};

}  // namespace

TEST_CASE("random histories of a task agree with a small model") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    History history(seed);
    for (int step = 0; step < 80; ++step) {
      history.step();
      check_agreement(history.task(), history.model());
    }
  }
}

TEST_CASE("the order of claiming is a strict weak order, and total with ids") {
  Random random(7);
  for (int round = 0; round < 20'000; ++round) {
    const Task one = random_task(random);
    const Task two = random_task(random);
    const Task three = random_task(random);
    CHECK_FALSE(claimed_before(one, one));
    if (claimed_before(one, two)) CHECK_FALSE(claimed_before(two, one));
    if (claimed_before(one, two) && claimed_before(two, three)) CHECK(claimed_before(one, three));
    if (one.id != two.id) CHECK(claimed_before(one, two) != claimed_before(two, one));
  }
}

TEST_CASE("sorting by the order of claiming equals three plain sorts") {
  Random random(11);
  for (int round = 0; round < 200; ++round) {
    std::vector<Task> tasks;
    for (int count = below(random, 60); count > 0; --count) tasks.push_back(random_task(random));
    std::vector<Task> plain = tasks;
    std::sort(tasks.begin(), tasks.end(), claimed_before);
    std::stable_sort(plain.begin(), plain.end(), [](const Task& a, const Task& b) { return a.id < b.id; });
    std::stable_sort(plain.begin(), plain.end(),
                     [](const Task& a, const Task& b) { return a.created_at < b.created_at; });
    std::stable_sort(plain.begin(), plain.end(),
                     [](const Task& a, const Task& b) { return a.priority > b.priority; });
    const auto same = [](const Task& a, const Task& b) {
      return a.id == b.id && a.created_at == b.created_at && a.priority == b.priority;
    };
    CHECK(std::equal(tasks.begin(), tasks.end(), plain.begin(), plain.end(), same));
  }
}

TEST_CASE("links that are only added when they close no cycle never form one") {
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    const int size = 2 + below(random, 8);
    std::map<std::string, std::vector<std::string>> links;
    const auto blockers_of = [&](const std::string& id) { return links[id]; };
    for (int step = 0; step < 40; ++step) {
      const std::string task = std::to_string(below(random, size));
      const std::string blocker = std::to_string(below(random, size));
      // The answer of the textbook: everything that can be reached from the blocker.
      std::set<std::string> reachable{blocker};
      for (int pass = 0; pass < size; ++pass) {
        for (const auto& id : std::set(reachable)) reachable.insert(links[id].begin(), links[id].end());
      }
      const auto cycle = find_cycle(task, blocker, blockers_of);
      CHECK(cycle.has_value() == reachable.contains(task));
      if (cycle) {
        CHECK(cycle->front() == task);
        CHECK(cycle->back() == task);
        auto with_link = links;
        with_link[task].push_back(blocker);
        for (std::size_t index = 0; index + 1 < cycle->size(); ++index) {
          const auto& blockers = with_link[(*cycle)[index]];
          CHECK(std::find(blockers.begin(), blockers.end(), (*cycle)[index + 1]) != blockers.end());
        }
        std::vector<std::string> all;
        for (const auto& [id, unused] : with_link) all.push_back(id);
        CHECK(find_any_cycle(all, [&](const std::string& id) { return with_link[id]; }));
      } else {
        links[task].push_back(blocker);
        std::vector<std::string> all;
        for (const auto& [id, unused] : links) all.push_back(id);
        CHECK_FALSE(find_any_cycle(all, blockers_of));
      }
    }
  }
}
