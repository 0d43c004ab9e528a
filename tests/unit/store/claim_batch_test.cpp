#include <doctest/doctest.h>

#include <set>
#include <utility>

#include "support/error.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using queue::Task;
using queue::TaskStatus;

namespace {

queue::ClaimTerms terms_of(const std::string& owner, const Clock& clock) {
  return {owner, clock.now(), std::chrono::minutes(10), 1};
}

std::vector<std::string> titles(const std::vector<Task>& tasks) {
  std::vector<std::string> titles;
  for (const Task& task : tasks) titles.push_back(task.title);
  return titles;
}

std::size_t commits(const OpenQueue& open) {
  return open.repository.history(*open.store.snapshot().commit(), 0).size();
}

std::size_t count_of(OpenQueue& open, TaskStatus wanted) {
  for (const auto& [status, count] : open.queue.current_index().counts())
    if (status == wanted) return count;
  return 0;
}

/// Refuses the first publication, after something has happened.
class BusyRemote : public store::Publisher {
 public:
  BusyRemote(std::filesystem::path lock_file, std::function<void()> meanwhile)
      : lock_file_(std::move(lock_file)), meanwhile_(std::move(meanwhile)) {}
  FileLock begin() override { return *FileLock::try_acquire(lock_file_); }
  void catch_up() override {
    if (const auto action = std::exchange(meanwhile_, {})) action();
  }
  Publication publish(const git::ObjectId&) override {
    return ++publications == 1 ? Publication::Outdated : Publication::Accepted;
  }
  Publication replace(const git::ObjectId&, const git::ObjectId&) override { return Publication::Outdated; }

  int publications = 0;

 private:
  std::filesystem::path lock_file_;
  std::function<void()> meanwhile_;
};

}  // namespace

TEST_CASE("a batch takes the best tasks, best first, in one commit") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  for (const char* title : {"first", "second", "third", "fourth", "fifth", "sixth"}) {
    Task task = new_task(title);
    if (std::string(title) == "fifth") task.priority = queue::Priority::Urgent;
    open.queue.add({task});
    clock.step(std::chrono::seconds(1));
  }
  const std::size_t before = commits(open);
  open.seen.clear();
  const auto claimed = open.queue.claim_batch({}, terms_of("w", clock), 5);
  CHECK(titles(claimed) == std::vector<std::string>{"fifth", "first", "second", "third", "fourth"});
  CHECK(commits(open) == before + 1);
  CHECK(open.repository.commit(*open.store.snapshot().commit()).subject() == "claim 5 tasks: w");
  CHECK(open.seen.size() == 5);
  for (const Task& task : claimed) {
    CHECK(task.lease->owner == "w");
    CHECK(open.queue.complete(task.id, task.lease->token, {}, {}).status == TaskStatus::Done);
  }
  CHECK(count_of(open, TaskStatus::Done) == 5);
}

TEST_CASE("a batch is as small as what there is") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  CHECK(open.queue.claim_batch({}, terms_of("w", clock), 3).empty());
  open.queue.add({new_task("one"), new_task("two")});
  CHECK(open.queue.claim_batch({}, terms_of("w", clock), 0).empty());
  CHECK(open.queue.claim_batch({}, terms_of("w", clock), 3).size() == 2);
  const std::size_t before = commits(open);
  CHECK(open.queue.claim_batch({}, terms_of("w", clock), 3).empty());
  CHECK(commits(open) == before);
}

TEST_CASE("a batch of hundreds is one commit, too") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add(std::vector<Task>(300, new_task("many")));
  const std::size_t before = commits(open);
  const auto claimed = open.queue.claim_batch({}, terms_of("w", clock), 250);
  std::set<std::string> ids;
  for (const Task& task : claimed) ids.insert(task.id);
  CHECK(ids.size() == 250);
  CHECK(commits(open) == before + 1);
  CHECK(home.is_sound());
}

TEST_CASE("exhausted, unwanted and waiting tasks are not in a batch") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  Task exhausted = new_task("exhausted");
  exhausted.attempts.push_back({"", "w", "failed", "", clock.now()});
  Task of_another_role = new_task("another role");
  of_another_role.role = "reviewer";
  const Task wanted = open.queue.add({exhausted, of_another_role, new_task("wanted")}).back();
  Task waiting = new_task("waiting");
  waiting.blocked_by = {wanted.id};
  open.queue.add({waiting});
  queue::ClaimFilter filter;
  filter.role = "builder";
  CHECK(titles(open.queue.claim_batch(filter, terms_of("w", clock), 9)) ==
        std::vector<std::string>{"wanted"});
  CHECK(count_of(open, TaskStatus::Blocked) == 1);
}

TEST_CASE("tasks of roles that are left out are passed over, however many there are") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  std::vector<Task> tasks;
  for (int number = 0; number < 60; ++number) {
    tasks.push_back(new_task("held"));
    tasks.back().role = "reviewer";
  }
  tasks.push_back(new_task("wanted"));
  tasks.back().role = "builder";
  open.queue.add(tasks);
  queue::ClaimFilter filter;
  filter.except_roles = {"reviewer", ""};
  open.index.follow();
  CHECK(open.index.claimable(filter, clock.now(), 9).size() == 1);
  CHECK(titles(open.queue.claim_batch(filter, terms_of("w", clock), 9)) ==
        std::vector<std::string>{"wanted"});
}

TEST_CASE("a batch is published as one, and decided again as a whole") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add({new_task("one"), new_task("two"), new_task("three")});
  OpenQueue other(home, clock);
  BusyRemote remote(home.path() / ".git" / "sync.lock",
                    [&] { REQUIRE(other.queue.claim_batch({}, terms_of("other", clock), 1).size() == 1); });
  open.queue.publish_through(&remote);
  open.seen.clear();
  const auto claimed = open.queue.claim_batch({}, terms_of("w", clock), 3);
  CHECK(claimed.size() == 2);
  CHECK(remote.publications == 2);
  CHECK(open.seen.size() == 2);
}
