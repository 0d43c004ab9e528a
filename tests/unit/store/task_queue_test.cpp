#include "store/task_queue.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "support/error.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using queue::Task;
using queue::TaskStatus;

namespace {

queue::ClaimTerms terms_of(const std::string& owner, const Clock& clock) {
  return {owner, clock.now(), std::chrono::minutes(10), 3};
}

Task add_one(OpenQueue& open, Task task) {
  return open.queue.add({std::move(task)}).front();
}

std::string failure(ErrorKind kind, const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.kind() == kind);
    return error.what();
  }
  return "went through";
}

}  // namespace

TEST_CASE("adding gives ids, times and names, and is one commit") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  Task task = new_task("  two\nlines  ");
  task.labels = {"b", "a", "b", ""};
  const auto added = open.queue.add({task, new_task("second")});
  REQUIRE(added.size() == 2);
  CHECK(added[0].id.size() == 8);
  CHECK(added[0].title == "two lines");
  CHECK(added[0].labels == std::vector<std::string>{"a", "b"});
  CHECK(added[0].created_at == clock.now());
  CHECK(added[0].created_by == "Ada <ada@example.com>");
  CHECK(open.repository.history(*open.store.snapshot().commit(), 0).size() == 2);
  CHECK(open.repository.commit(*open.store.snapshot().commit()).trailer("Operation") == "task.add");
  CHECK(open.seen == std::vector{"add " + added[0].id, "add " + added[1].id});
  CHECK(open.queue.find(added[1].id).title == "second");
  CHECK(open.queue.find(added[1].id.substr(0, 7)).title == "second");
  CHECK(home.is_sound());
}

TEST_CASE("what cannot be added is refused with a reason") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  Task known = new_task("known");
  known.id = "known123";
  open.queue.add({known});
  const auto commits = open.repository.history(*open.store.snapshot().commit(), 0).size();
  CHECK(failure(ErrorKind::Invalid, [&] { add_one(open, new_task(" ")); }) == "title: a task needs one");
  CHECK(failure(ErrorKind::Conflict, [&] { add_one(open, known); }) == "there is a task 'known123' already");
  Task twin = new_task("twin");
  twin.id = "twin1234";
  CHECK(failure(ErrorKind::Conflict, [&] {
          open.queue.add({twin, twin});
        }) == "there is a task 'twin1234' already");
  Task waiting = new_task("waiting");
  waiting.blocked_by = {"nobody12"};
  CHECK(failure(ErrorKind::NotFound, [&] { add_one(open, waiting); }) ==
        "task 'waiting' cannot wait for 'nobody12': there is no such task");
  Task circle = new_task("circle");
  circle.id = "circle12";
  circle.blocked_by = {"twin1234"};
  twin.blocked_by = {"circle12"};
  CHECK(failure(ErrorKind::Refused, [&] {
          open.queue.add({circle, twin});
        }) == "the tasks would wait for each other: circle12 -> twin1234 -> circle12");
  Task odd = new_task("odd");
  odd.id = "../escape";
  CHECK(failure(ErrorKind::Invalid, [&] { add_one(open, odd); }) == "id: '../escape' cannot be a task's");
  CHECK(failure(ErrorKind::Invalid, [&] { add_one(open, new_task("x", TaskStatus::InFlight)); }) ==
        "status: a task comes in flight only by a claim");
  CHECK(open.repository.history(*open.store.snapshot().commit(), 0).size() == commits);
}

TEST_CASE("bytes that are no text do not stop the queue") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task task = add_one(open, new_task("caf\xe9"));
  CHECK(open.queue.find(task.id).title == "caf\xEF\xBF\xBD");
}

TEST_CASE("the best task is claimed first: priority, then age, then id") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task old = add_one(open, new_task("old"));
  clock.step(Duration(5));
  add_one(open, new_task("inbox", TaskStatus::Inbox));
  Task low = new_task("low");
  low.priority = queue::Priority::Low;
  low = add_one(open, low);
  Task urgent = new_task("urgent");
  urgent.priority = queue::Priority::Urgent;
  urgent = add_one(open, urgent);
  const Task young = add_one(open, new_task("young"));
  std::vector<std::string> order;
  for (;;) {
    const auto result = open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock));
    if (!std::holds_alternative<Task>(result)) break;
    order.push_back(std::get<Task>(result).title);
  }
  CHECK(order == std::vector<std::string>{"urgent", "old", "young", "low"});
  CHECK(std::holds_alternative<store::Empty>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock))));
  add_one(open, new_task("late"));
  CHECK(std::holds_alternative<Task>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock))));
}

TEST_CASE("role and labels restrict a claim") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  Task coder = new_task("coder");
  coder.role = "coder";
  coder.labels = {"a", "b"};
  Task anybody = new_task("anybody");
  anybody.labels = {"a"};
  open.queue.add({coder, anybody});
  const auto claim = [&](const queue::ClaimFilter& filter) -> std::string {
    const auto result = open.queue.claim(filter, terms_of("w", clock));
    return std::holds_alternative<Task>(result) ? std::get<Task>(result).title : "";
  };
  CHECK(claim({"tester", {"b"}}) == "");
  CHECK(claim({"tester", {}}) == "anybody");
  CHECK(claim({"tester", {}}) == "");
  CHECK(claim({"", {"c"}}) == "");
  CHECK(claim({"", {"a", "b"}}) == "coder");
}

TEST_CASE("a task that waits for another is never claimed before that is done") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task first = add_one(open, new_task("first"));
  Task second = new_task("second");
  second.priority = queue::Priority::Urgent;
  second.blocked_by = {first.id};
  second = add_one(open, second);
  const auto refused = open.queue.claim(second.id, terms_of("w", clock));
  CHECK(std::get<store::Unclaimable>(refused).reason ==
        "task " + second.id + " waits for " + first.id + ", not done yet");
  const auto claimed = std::get<Task>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock)));
  CHECK(claimed.id == first.id);
  CHECK(std::holds_alternative<store::Empty>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock))));
  open.queue.complete(first.id, claimed.lease->token, {}, {});
  CHECK(std::get<Task>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock))).id == second.id);
}

TEST_CASE("an expired lease is taken over, and the old token is refused everywhere") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue one(home, clock);
  OpenQueue two(home, clock);
  const Task task = add_one(one, new_task("t"));
  const auto first = std::get<Task>(one.queue.claim(queue::ClaimFilter{}, terms_of("one", clock)));
  CHECK(std::holds_alternative<store::Empty>(two.queue.claim(queue::ClaimFilter{}, terms_of("two", clock))));
  clock.step(std::chrono::minutes(10));
  const auto second = std::get<Task>(two.queue.claim(queue::ClaimFilter{}, terms_of("two", clock)));
  CHECK(second.id == task.id);
  CHECK(second.lease->token == first.lease->token + 1);
  const std::int64_t stale = first.lease->token;
  const auto refused = [&](const std::function<void()>& action) {
    return failure(ErrorKind::Refused, action)
        .starts_with("token 1 of task " + task.id + " no longer counts");
  };
  CHECK(refused([&] { one.queue.renew(task.id, stale, std::chrono::minutes(1)); }));
  CHECK(refused([&] { one.queue.release(task.id, stale, {}, 3); }));
  CHECK(refused([&] { one.queue.complete(task.id, stale, {}, {}); }));
  CHECK(two.queue.renew(task.id, 2, std::chrono::minutes(30)).lease->expires_at ==
        clock.now() + std::chrono::minutes(30));
  CHECK(one.queue.find(task.id).lease->owner == "two");
}

TEST_CASE("a task whose attempts are used up goes to blocked, and the next one is claimed") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  Task cursed = new_task("cursed");
  cursed.priority = queue::Priority::Urgent;
  cursed = add_one(open, cursed);
  const Task other = add_one(open, new_task("other"));
  for (int round = 0; round < 3; ++round) {
    CHECK(std::get<Task>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock))).id == cursed.id);
    clock.step(std::chrono::minutes(11));
  }
  open.seen.clear();
  CHECK(std::get<Task>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock))).id == other.id);
  CHECK(open.seen == std::vector{"exhausted " + cursed.id, "claim " + other.id});
  CHECK(open.queue.find(cursed.id).status == TaskStatus::Blocked);
  CHECK(open.queue.unblock(cursed.id).status == TaskStatus::Ready);
  CHECK(std::get<Task>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock))).id == cursed.id);
}

TEST_CASE("moving obeys the table, blocking takes the claim away") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task task = add_one(open, new_task("t", TaskStatus::Inbox));
  CHECK(open.queue.move(task.id, TaskStatus::Planning).status == TaskStatus::Planning);
  CHECK(failure(ErrorKind::Refused, [&] {
          open.queue.move(task.id, TaskStatus::Done);
        }).find("it can be moved to inbox or ready") != std::string::npos);
  open.queue.move(task.id, TaskStatus::Ready);
  open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock));
  CHECK(open.queue.block(task.id, "wait for the key").blocked_reason == "wait for the key");
  failure(ErrorKind::Refused, [&] { open.queue.renew(task.id, 1, std::chrono::minutes(1)); });
  CHECK(open.seen.back() == "block " + task.id);
}

TEST_CASE("a claim is ended by closing only as its holder, decided on the newest record") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue one(home, clock);
  OpenQueue two(home, clock);
  const Task task = add_one(one, new_task("t"));
  one.queue.claim(queue::ClaimFilter{}, terms_of("one", clock));
  CHECK(failure(ErrorKind::Refused, [&] {
          two.queue.close(task.id, {"two", std::nullopt});
        }).find("claimed by one, and cannot be closed") != std::string::npos);
  clock.step(std::chrono::minutes(10));
  two.queue.claim(queue::ClaimFilter{}, terms_of("two", clock));
  failure(ErrorKind::Refused, [&] { one.queue.close(task.id, {"one", std::nullopt}); });
  failure(ErrorKind::Refused, [&] { one.queue.close(task.id, {"one", 1}); });
  CHECK(two.queue.close(task.id, {"two", std::nullopt}).status == TaskStatus::Done);
  CHECK_FALSE(one.queue.find(task.id).lease);
  CHECK(two.seen.back() == "done " + task.id);
}

TEST_CASE("editing keeps status and claim, refuses circles, and writes nothing when nothing changes") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task one = add_one(open, new_task("one"));
  Task second = new_task("two");
  second.blocked_by = {one.id};
  const Task two = add_one(open, second);
  clock.step(std::chrono::seconds(1));
  const Task edited = open.queue.edit(one.id, "edit", [](Task& task) { task.title = "uno"; });
  CHECK(edited.updated_at == clock.now());
  CHECK(open.queue.find(one.id).title == "uno");
  const auto tip = open.store.snapshot().commit();
  open.queue.edit(one.id, "edit", [](Task& task) { task.title = "uno "; });
  CHECK(open.store.snapshot().commit() == tip);
  CHECK(failure(ErrorKind::Refused, [&] {
          open.queue.edit(one.id, "edit", [&](Task& task) { task.blocked_by = {two.id}; });
        }).starts_with("the tasks would wait for each other"));
  CHECK(failure(ErrorKind::Internal, [&] {
          open.queue.edit(one.id, "edit", [](Task& task) { task.status = TaskStatus::Done; });
        }).find("more than its content") != std::string::npos);
  failure(ErrorKind::NotFound, [&] { open.queue.edit("nobody12", "edit", [](Task&) {}); });
}

TEST_CASE("removing a task frees those that waited for it") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task one = add_one(open, new_task("one", TaskStatus::Inbox));
  Task second = new_task("two");
  second.blocked_by = {one.id};
  const Task two = add_one(open, second);
  CHECK(open.queue.current_index().blocked_by_this(one.id) == std::vector{two.id});
  open.queue.remove({one.id});
  CHECK(open.queue.find(two.id).blocked_by.empty());
  CHECK(std::get<Task>(open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock))).id == two.id);
  failure(ErrorKind::NotFound, [&] { open.queue.remove({one.id}); });
}

TEST_CASE("removing a task leaves no link to it, and a dangling one is in nobody's way") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task one = add_one(open, new_task("one"));
  Task part = new_task("part");
  part.parent = one.id;
  part.discovered_from = one.id;
  part = add_one(open, part);
  CHECK(open.queue.current_index().discovered_from_this(one.id) == std::vector{part.id});
  open.queue.remove({one.id});
  CHECK(open.queue.find(part.id).parent.empty());
  CHECK(open.queue.find(part.id).discovered_from.empty());

  // As a merge or an archive may leave it.
  Task dangling = open.queue.find(part.id);
  dangling.discovered_from = "zzzz2222";
  open.store.update({"dangle", "task.edit", {}}, [&](const store::Snapshot&, store::Change& change) {
    change.write(store::task_path(part.id), store::task_text(dangling));
  });
  CHECK(open.queue.edit(part.id, "edit", [](Task& task) { task.title = "new"; }).title == "new");
  failure(ErrorKind::NotFound,
          [&] { open.queue.edit(part.id, "edit", [](Task& task) { task.discovered_from = "yyyy2222"; }); });
}

TEST_CASE("no task comes from itself, not even by a detour") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  const Task one = add_one(open, new_task("one"));
  Task found = new_task("found");
  found.discovered_from = one.id;
  found = add_one(open, found);
  for (const std::string& origin : {one.id, found.id}) {
    CHECK(failure(ErrorKind::Refused, [&] {
            open.queue.edit(one.id, "edit", [&](Task& task) { task.discovered_from = origin; });
          }).starts_with("a task would have come from itself: "));
  }
}

TEST_CASE("an ambiguous beginning names the candidates") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  for (const char* id : {"bcdf2222", "bcdf3333", "ccdf2222"}) {
    Task task = new_task(id);
    task.id = id;
    open.queue.add({task});
  }
  CHECK(failure(ErrorKind::Usage, [&] { open.queue.find("bc"); }) ==
        "'bc' is the start of several tasks: bcdf2222, bcdf3333");
  CHECK(open.queue.find("C").title == "ccdf2222");
  failure(ErrorKind::NotFound, [&] { open.queue.find("x"); });
  failure(ErrorKind::NotFound, [&] { open.queue.find(""); });
}

TEST_CASE("hundreds of tasks are added in one commit and one pack") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  std::vector<Task> tasks;
  for (int number = 0; number < 1500; ++number) tasks.push_back(new_task("task " + std::to_string(number)));
  const auto added = open.queue.add(tasks);
  CHECK(open.repository.history(*open.store.snapshot().commit(), 0).size() == 2);
  CHECK(open.index.count({}) == 1500);
  CHECK(all_tasks(open.store).size() == 1500);
  Task again = added[700];
  CHECK(failure(ErrorKind::Conflict, [&] {
          auto more = tasks;
          more.push_back(again);
          open.queue.add(more);
        }) == "there is a task '" + again.id + "' already");
  CHECK(home.is_sound());
}

TEST_CASE("threads with queues of their own drain the tasks, each exactly once") {
  const TemporaryRepository home;
  const SteppedClock clock;
  std::vector<Task> tasks(60, new_task("t"));
  OpenQueue(home, clock).queue.add(tasks);
  std::vector<std::vector<std::string>> claimed(5);
  std::vector<std::thread> workers;
  for (auto& mine : claimed) {
    workers.emplace_back([&] {
      OpenQueue open(home, clock);
      for (;;) {
        const auto result = open.queue.claim(queue::ClaimFilter{}, terms_of("w", clock));
        if (!std::holds_alternative<Task>(result)) return;
        mine.push_back(std::get<Task>(result).id);
        open.queue.complete(mine.back(), std::get<Task>(result).lease->token, {}, {});
      }
    });
  }
  for (auto& worker : workers) worker.join();
  std::multiset<std::string> all;
  for (const auto& mine : claimed) all.insert(mine.begin(), mine.end());
  CHECK(all.size() == 60);
  CHECK(std::set<std::string>(all.begin(), all.end()).size() == 60);
  OpenQueue open(home, clock);
  CHECK(open.queue.current_index().counts()[5].second == 60);
}
