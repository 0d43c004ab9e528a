#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <set>

#include "claiming_process.hpp"
#include "store/claim_companions.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using queue::Task;
using queue::TaskStatus;

namespace {

namespace fs = std::filesystem;

fs::path board_file(const TemporaryRepository& home) {
  return home.path() / ".git" / "changelings" / "store.board";
}

/// Where a holder of the lock is killed.
enum class Step { BeforeTaking, Taken, Prepared, Written, Answered, Never };

/// Holds the lock until so many wait, and writes for them. Its own operation writes nothing.
int hold(const TemporaryRepository& home, int waiters, Step last_step) {
  Opened open(home, "holder");
  store::Turn turn = open.store.wait_for_turn();
  write_file(home.path() / "held", "");
  const bool all_wait =
      comes_true([&] { return count_in_phase(board_file(home), store::RequestPhase::Waiting) == waiters; });
  if (!turn.lock || !all_wait) return 1;
  const auto die_at = [&](Step step) {
    if (step == last_step) ::raise(SIGKILL);
  };
  store::ClaimCompanions companions(open.queue, open.store, open.store.board(), nullptr);
  open.store.update(
      std::move(turn),
      [&](const store::Snapshot&, store::Change&) {
        die_at(Step::BeforeTaking);
        return store::Operation{"nothing", "test", {}};
      },
      [&](const store::Store::Written&) {
        die_at(Step::Written);
        companions.finish();
        die_at(Step::Answered);
      },
      [&](store::Snapshot last) {
        if (last_step == Step::Taken) static_cast<void>(open.store.board().take());
        die_at(Step::Taken);
        last = companions.append(std::move(last), {});
        die_at(Step::Prepared);
        return last;
      });
  return 0;
}

/// A process that holds the lock by now.
Process holder(const TemporaryRepository& home, int waiters, Step last_step = Step::Never) {
  fs::remove(home.path() / "held");
  Process process([&home, waiters, last_step] { return hold(home, waiters, last_step); });
  REQUIRE(comes_true([&] { return fs::exists(home.path() / "held"); }));
  return process;
}

/// Claims as `person` and tells in a file what it was given.
Process claimer(const TemporaryRepository& home, const std::string& person, int claims = 1) {
  return Process([&home, person, claims] {
    Opened open(home, person);
    std::string told;
    for (int number = 0; number < claims; ++number) {
      const auto result = open.claim(person);
      const auto* task = std::get_if<Task>(&result);
      if (task == nullptr) return 1;
      told += task->id + " " + std::to_string(task->lease->token) + "\n";
    }
    write_file(home.path() / ("told-" + person), told);
    return 0;
  });
}

std::size_t moves_of_the_state(const TemporaryRepository& home) {
  const std::string log = read_file(home.path() / ".git" / "logs" / store::default_reference);
  return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
}

std::vector<Task> tasks_named(std::size_t count) {
  std::vector<Task> tasks;
  for (std::size_t number = 0; number < count; ++number)
    tasks.push_back(new_task("task " + std::to_string(number)));
  return tasks;
}

std::size_t count_of(OpenQueue& open, TaskStatus status) {
  store::TaskQuery query;
  query.statuses = {status};
  return open.queue.current_index().count(query);
}

void sort_lines(std::string& text) {
  auto lines = split_lines(text);
  std::sort(lines.begin(), lines.end());
  text = lines.empty() ? "" : join(lines, "\n") + "\n";
}

}  // namespace

TEST_CASE("claims that wait for the lock are written by its holder, a commit each, in one step") {
  const TemporaryRepository home;
  home.git("config core.logAllRefUpdates always");
  const SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add(tasks_named(5));
  const std::vector<std::string> people{"ann", "bob", "cleo", "dan"};
  const std::size_t moves = moves_of_the_state(home);
  Process holding = holder(home, static_cast<int>(people.size()));
  std::vector<Process> claiming;
  for (const std::string& person : people) claiming.push_back(claimer(home, person));
  CHECK(holding.wait() == 0);
  for (Process& process : claiming) CHECK(process.wait() == 0);

  CHECK(moves_of_the_state(home) == moves + 1);
  const auto commits = claim_commits(open);
  REQUIRE(commits.size() == people.size());
  for (const git::CommitInfo& commit : commits) {
    // Each says who it was, and changes one task.
    CHECK(commit.subject() == "claim " + *commit.trailer("Task") + ": " + commit.author.name);
    CHECK(told(home, commit.author.name) == *commit.trailer("Task") + " 1\n");
    CHECK(open.repository.changes(commit.parents.at(0), commit.id).size() == 1);
  }
  for (const std::string& person : people) CHECK(claims_of(open, person) == told(home, person));
  // The index knows what was written for others.
  CHECK(count_of(open, TaskStatus::InFlight) == people.size());
  CHECK(home.is_sound());
}

TEST_CASE("a holder that is killed at any step loses no claim and doubles none") {
  for (const Step step : {Step::BeforeTaking, Step::Taken, Step::Prepared, Step::Written, Step::Answered}) {
    CAPTURE(static_cast<int>(step));
    const TemporaryRepository home;
    const SteppedClock clock;
    OpenQueue open(home, clock);
    open.queue.add(tasks_named(4));
    Process holding = holder(home, 2, step);
    Process first = claimer(home, "ann");
    Process second = claimer(home, "bob");
    CHECK(holding.wait() == -1);
    CHECK(first.wait() == 0);
    CHECK(second.wait() == 0);
    CHECK(claim_commits(open).size() == 2);
    for (const char* person : {"ann", "bob"}) {
      CHECK(!told(home, person).empty());
      CHECK(claims_of(open, person) == told(home, person));
    }
    CHECK(home.is_sound());
  }
}

TEST_CASE("nobody claims for a process that was killed while it waited, and its place goes to another") {
  const TemporaryRepository home;
  const SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add(tasks_named(3));
  const auto stands_there = [&] {
    return comes_true([&] { return count_in_phase(board_file(home), store::RequestPhase::Waiting) == 1; });
  };
  Process stuck = holder(home, 99);
  Process dead = claimer(home, "ann");
  REQUIRE(stands_there());
  dead.kill();
  stuck.kill();
  // Its request is still on the board. The next holder comes by without waiting.
  REQUIRE(stands_there());
  CHECK(hold(home, 1, Step::Never) == 0);
  CHECK(claim_commits(open).empty());
  Process next = claimer(home, "bob");
  CHECK(next.wait() == 0);
  CHECK(claims_of(open, "bob") == told(home, "bob"));
  CHECK(claim_commits(open).size() == 1);
}

TEST_CASE("an answer that the state does not bear out is not believed") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add(tasks_named(4));
  Opened earlier(home, "ann");
  earlier.clock.step(std::chrono::minutes(-1));
  const auto given = earlier.claim("ann");
  const Task& old = std::get<Task>(given);
  Task wished = old;
  wished.updated_at = clock.now();
  const git::ObjectId tip = *open.store.snapshot().commit();
  const auto answer = [&](const Task& task) {
    return to_text(store::ClaimAnswer{tip, {{{task, task, store::task_text(task)}}, {task}, false, ""}});
  };
  // Of an earlier claim, of none that was ever made, and none at all.
  for (const std::string& forged : {answer(old), answer(wished), std::string("{\"x\": [")}) {
    Opened forger(home, "mallory");
    store::Turn turn = forger.store.wait_for_turn();
    REQUIRE(turn.lock.has_value());
    Process waiting = claimer(home, "ann");
    REQUIRE(comes_true([&] { return count_in_phase(board_file(home), store::RequestPhase::Waiting) == 1; }));
    const auto request = forger.store.board().take();
    REQUIRE(request.has_value());
    REQUIRE(forger.store.board().prepare(*request, forged));
    forger.store.board().finish(*request);
    turn.lock.reset();
    CHECK(waiting.wait() == 0);
    CHECK_FALSE(told(home, "ann").empty());
    CHECK(told(home, "ann").find(old.id) == std::string::npos);
    fs::remove(home.path() / "told-ann");
  }
  CHECK(count_of(open, TaskStatus::InFlight) == 4);
}

TEST_CASE("who is refused by the rules is told so by its own attempt") {
  const TemporaryRepository home;
  const SteppedClock clock;
  OpenQueue open(home, clock);
  const auto tasks = open.queue.add(tasks_named(2));
  REQUIRE(open.queue.claim(tasks[0].id, {"early", clock.now(), std::chrono::minutes(10), 0}).index() == 0);
  Process holding = holder(home, 3);
  Process unclaimable([&] {
    Opened other(home, "ann");
    const auto result = other.claim_named(tasks[0].id, "ann");
    const auto* reason = std::get_if<store::Unclaimable>(&result);
    return reason != nullptr && reason->reason.find("early") != std::string::npos ? 0 : 1;
  });
  Process unknown([&] {
    try {
      Opened(home, "bob").claim_named("zzzzzzzz", "bob");
    } catch (const Error& error) {
      return error.kind() == ErrorKind::NotFound ? 0 : 1;
    }
    return 2;
  });
  Process lucky = claimer(home, "cleo");
  CHECK(holding.wait() == 0);
  CHECK(unclaimable.wait() == 0);
  CHECK(unknown.wait() == 0);
  CHECK(lucky.wait() == 0);
  CHECK(told(home, "cleo") == tasks[1].id + " 1\n");
  CHECK(claim_commits(open).size() == 2);
}

TEST_CASE("who signs writes its own commits, and nobody else's") {
  const TemporaryRepository home;
  const SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add(tasks_named(2));
  Process holding = holder(home, 1);
  Process signing([&] {
    Opened other(home, "ann");
    int made = 0;
    other.store.make_commits_with([&](const git::NewCommit& commit) {
      ++made;
      return other.repository.create_commit(commit.tree, commit.parents, commit.author, commit.time,
                                            commit.message);
    });
    const auto result = other.claim("ann");
    return std::holds_alternative<Task>(result) && made == 1 ? 0 : 1;
  });
  // It waits for the lock alone, so the holder takes nothing.
  CHECK(holding.wait() == 0);
  CHECK(signing.wait() == 0);
  CHECK(claim_commits(open).size() == 1);
}

TEST_CASE("many processes that claim at the same time get each task once") {
  constexpr int processes = 12;
  constexpr int claims = 15;
  const TemporaryRepository home;
  const SteppedClock clock;
  OpenQueue open(home, clock);
  open.queue.add(tasks_named(processes * claims + 20));
  std::vector<Process> claiming;
  for (int number = 0; number < processes; ++number)
    claiming.push_back(claimer(home, "w" + std::to_string(number), claims));
  for (Process& process : claiming) CHECK(process.wait() == 0);
  std::set<std::string> given;
  for (int number = 0; number < processes; ++number) {
    const std::string person = "w" + std::to_string(number);
    std::string in_words = told(home, person);
    for (const std::string& line : split_lines(in_words)) CHECK(given.insert(line).second);
    sort_lines(in_words);
    std::string in_state = claims_of(open, person);
    sort_lines(in_state);
    CHECK(in_words == in_state);
  }
  CHECK(given.size() == processes * claims);
  CHECK(claim_commits(open).size() == processes * claims);
  CHECK(count_of(open, TaskStatus::Ready) == 20);
  CHECK(home.is_sound());
}
