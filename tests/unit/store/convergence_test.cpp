#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>

#include "store/records.hpp"
#include "store/role_records.hpp"
#include "support/error.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;

namespace {

const std::string remote_reference = "refs/changelings/remotes/shared/state";

/// A clone: a state reference, an index and a queue of its own. The shared remote is another reference of the
/// same repository, so that histories cost no network; store/sync has tests of its own for that.
class Clone : public store::Publisher {
 public:
  Clone(const TemporaryRepository& home, const SteppedClock& clock, const std::string& name)
      : name_(name),
        folder_(home.path() / ".git" / "changelings" / name),
        repository_(home.open()),
        store_(repository_, clock, "refs/clones/" + name, {name, name + "@example.com"},
               folder_ / "store.lock"),
        index_(store_, folder_ / "index.sqlite"),
        queue_(store_, index_, clock) {}

  const std::string& name() const { return name_; }
  store::Store& store() { return store_; }
  store::TaskQueue& queue() { return queue_; }
  git::Repository& repository() { return repository_; }
  git::ObjectId tree() const { return *store_.snapshot().tree(); }

  /// Fetch, merge, push, until the push is accepted.
  void sync() {
    for (;;) {
      catch_up();
      const auto ours = *repository_.resolve(store_.reference());
      if (repository_.resolve(remote_reference) == ours || swap_remote(ours)) return;
    }
  }

  FileLock begin() override { return *FileLock::acquire(folder_ / "sync.lock", std::chrono::seconds(5)); }
  void catch_up() override {
    const auto published = repository_.resolve(remote_reference);
    if (published) store_.integrate(*published, known_, "shared");
    known_ = published;
  }
  Publication replace(const git::ObjectId& expected, const git::ObjectId& commit) override {
    const auto swapped = repository_.compare_and_swap(remote_reference, expected, commit, "push");
    return swapped == git::SwapResult::Swapped ? Publication::Accepted : Publication::Outdated;
  }
  Publication publish(const git::ObjectId& commit) override {
    return swap_remote(commit) ? Publication::Accepted : Publication::Outdated;
  }

 private:
  bool swap_remote(const git::ObjectId& commit) {
    const auto published = repository_.resolve(remote_reference);
    if (published && !repository_.is_ancestor(*published, commit)) return false;
    if (repository_.compare_and_swap(remote_reference, published, commit, "push") != git::SwapResult::Swapped)
      return false;
    known_ = commit;
    return true;
  }

  std::string name_;
  std::filesystem::path folder_;
  git::Repository repository_;
  store::Store store_;
  store::TaskIndex index_;
  store::TaskQueue queue_;
  std::optional<git::ObjectId> known_;
};

/// Random histories on several clones, and what must be true of them.
class World {
 public:
  World(unsigned seed, int clones) : random_(seed) {
    for (int number = 0; number < clones; ++number)
      clones_.push_back(std::make_unique<Clone>(home_, clock_, "clone" + std::to_string(number)));
    clones_.front()->store().initialize();
    for (auto& clone : clones_) {
      if (clone != clones_.front()) clone->catch_up();
      clone->sync();
    }
  }

  void step() {
    clock_.step(std::chrono::milliseconds(below(3000)));
    Clone& clone = *clones_[static_cast<std::size_t>(below(static_cast<int>(clones_.size())))];
    try {
      act(clone);
    } catch (const Error& error) {
      // What the rules refuse is part of every history.
      const bool expected = error.kind() == ErrorKind::Refused || error.kind() == ErrorKind::NotFound ||
                            error.kind() == ErrorKind::Conflict;
      if (!expected) throw;
    }
  }

  void settle() {
    for (int round = 0; round < 2; ++round) {
      std::shuffle(clones_.begin(), clones_.end(), random_);
      for (auto& clone : clones_) clone->sync();
    }
  }

  void check_agreement() {
    for (auto& clone : clones_) CHECK(clone->tree() == clones_.front()->tree());
    const git::ObjectId tree = clones_.front()->tree();
    const auto tip = clones_.front()->store().snapshot().commit();
    clones_.front()->sync();
    CHECK(clones_.front()->store().snapshot().commit() == tip);
    CHECK(clones_.front()->tree() == tree);
    for (auto& clone : clones_) {
      for (const auto& task : all_tasks(clone->store())) check_task(*clone, task);
    }
    std::set<std::string> present;
    for (const auto& task : all_tasks(clones_.front()->store())) present.insert(task.id);
    for (const std::string& id : added_) CHECK((present.contains(id) || removed_.contains(id)));
    CHECK(home_.is_sound());
    CHECK(tokens_.size() > 5);  // Otherwise the histories show nothing about claims.
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  void check_task(Clone& clone, const queue::Task& task) {
    CHECK(task.lease.has_value() == (task.status == queue::TaskStatus::InFlight));
    if (task.lease) CHECK(task.lease->token <= task.last_token);
    CHECK(task.blocked_reason.empty() == (task.status != queue::TaskStatus::Blocked));
    const auto snapshot = clone.store().snapshot();
    for (const std::string& blocker : task.blocked_by) CHECK(store::read_task(snapshot, blocker).has_value());
  }

  std::optional<queue::Task> any_task(Clone& clone) {
    const auto tasks = all_tasks(clone.store());
    if (tasks.empty()) return std::nullopt;
    return tasks[static_cast<std::size_t>(below(static_cast<int>(tasks.size())))];
  }

  void act(Clone& clone) {
    switch (below(14)) {
      case 0:
      case 1: {
        const auto added = clone.queue().add({new_task("t" + std::to_string(below(1000)))});
        added_.insert(added.front().id);
        return;
      }
      case 2:
      case 3:
        return edit(clone);
      case 4:
        if (const auto task = any_task(clone))
          clone.queue().move(task->id, static_cast<queue::TaskStatus>(below(7)));
        return;
      case 5:
        if (const auto task = any_task(clone); task && below(6) == 0) {
          removed_.insert(task->id);
          clone.queue().remove({task->id});
        }
        return;
      case 6:
      case 7:
        return claim(clone);
      case 8:
        return finish(clone);
      case 9:
        return write_run_and_pull(clone);
      case 10:
        return write_role(clone);
      default:
        return clone.sync();
    }
  }

  void edit(Clone& clone) {
    const auto task = any_task(clone);
    const auto other = any_task(clone);
    if (!task) return;
    const int what = below(4);
    clone.queue().edit(task->id, "edit", [&](queue::Task& changed) {
      if (what == 0) changed.title = "edited " + std::to_string(below(1000));
      if (what == 1) changed.labels.push_back("l" + std::to_string(below(5)));
      if (what == 2 && !changed.labels.empty()) changed.labels.pop_back();
      if (what == 3 && other->id != changed.id) changed.blocked_by.push_back(other->id);
    });
  }

  void claim(Clone& clone) {
    clone.queue().publish_through(&clone);
    const auto result =
        clone.queue().claim(queue::ClaimFilter{}, {clone.name(), clock_.now(), std::chrono::seconds(20), 5});
    clone.queue().publish_through(nullptr);
    const auto* task = std::get_if<queue::Task>(&result);
    if (!task) return;
    // A token is given to one worker only, whatever happened in between.
    const auto [entry, is_new] = tokens_.try_emplace({task->id, task->lease->token}, clone.name());
    CHECK(is_new);
    held_[clone.name()] = {task->id, task->lease->token};
  }

  void finish(Clone& clone) {
    const auto held = held_.find(clone.name());
    if (held == held_.end()) return;
    const std::string id = held->second.first;
    const std::int64_t token = held->second.second;
    held_.erase(held);
    clone.queue().publish_through(&clone);
    const auto finished = [&] {
      if (below(2) == 0) {
        clone.queue().complete(id, token, {}, {});
      } else {
        clone.queue().release(id, token, {"run", clone.name(), "failed", "", clock_.now()}, 5);
      }
    };
    try {
      finished();
    } catch (...) {
      clone.queue().publish_through(nullptr);
      throw;
    }
    clone.queue().publish_through(nullptr);
  }

  void write_run_and_pull(Clone& clone) {
    clone.store().update({"run", "run.finish", {}},
                         [&](const store::Snapshot& snapshot, store::Change& change) {
                           store::RunRecord run;
                           run.id = "r" + queue::new_task_id();
                           run.changeling = "sprite";
                           run.status = store::RunStatus::Finished;
                           run.outcome = store::Outcome::OpenedPr;
                           run.started_at = clock_.now();
                           store::PullRequestRecord pull;
                           pull.number = store::next_pull_request_number(snapshot);
                           pull.branch = "changelings/sprite/" + run.id;
                           pull.run = run.id;
                           pull.created_at = pull.updated_at = clock_.now();
                           run.pull_request = {pull.number, "local:" + std::to_string(pull.number), "open"};
                           store::write_run(change, run);
                           store::write_pull_request(change, pull);
                         });
  }

  void write_role(Clone& clone) {
    clone.store().update({"role", "role.add", {}}, [&](const store::Snapshot&, store::Change& change) {
      store::write_role(change,
                        {"r" + std::to_string(below(3)), "claude", "p" + std::to_string(below(9)), false});
    });
  }

  std::mt19937 random_;
  TemporaryRepository home_;
  SteppedClock clock_;
  std::vector<std::unique_ptr<Clone>> clones_;
  std::set<std::string> added_;
  std::set<std::string> removed_;
  std::map<std::pair<std::string, std::int64_t>, std::string> tokens_;
  std::map<std::string, std::pair<std::string, std::int64_t>> held_;
};

}  // namespace

TEST_CASE("clones come to the same state after any history and any order of syncs") {
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
    CAPTURE(seed);
    World world(seed, 3 + static_cast<int>(seed % 3));
    for (int round = 0; round < 2; ++round) {
      for (int step = 0; step < 120; ++step) world.step();
      world.settle();
      world.check_agreement();
    }
  }
}
