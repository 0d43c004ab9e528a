#include "queue/moves.hpp"

#include <doctest/doctest.h>

#include <set>
#include <tuple>

#include "queue/rules.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::queue;

namespace {

constexpr int last_status = static_cast<int>(TaskStatus::Blocked);

Task task_in(TaskStatus status) {
  Task task;
  task.id = "bcdf2345";
  task.title = "t";
  task.status = status;
  if (status == TaskStatus::InFlight) task.lease = Lease{"one", 1, {}};
  return task;
}

const Closer holder{"one", std::nullopt};

Error refusal(TaskStatus from, TaskStatus to, Operation by = Operation::Move) {
  try {
    check_move(task_in(from), to, by);
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::Internal, "allowed");
}

}  // namespace

TEST_CASE("the table has no move twice and none that stays") {
  std::set<std::tuple<TaskStatus, TaskStatus, Operation>> seen;
  for (const LegalMove& move : legal_moves()) {
    CHECK(move.from != move.to);
    CHECK(seen.emplace(move.from, move.to, move.by).second);
  }
}

TEST_CASE("only a claim brings a task in flight, and moving never takes it out") {
  for (const LegalMove& move : legal_moves()) {
    if (move.to == TaskStatus::InFlight) CHECK(move.by == Operation::Claim);
    if (move.by == Operation::Claim) CHECK(move.to == TaskStatus::InFlight);
    if (move.from == TaskStatus::InFlight) CHECK(move.by != Operation::Move);
    if (move.to == TaskStatus::Blocked)
      CHECK((move.by == Operation::Block || move.from == TaskStatus::InFlight));
  }
  CHECK(moves_from(TaskStatus::InFlight).empty());
}

TEST_CASE("every status can be reached from inbox and leads to done") {
  for (int value = 0; value <= last_status; ++value) {
    const auto goal = static_cast<TaskStatus>(value);
    std::set<TaskStatus> reached{TaskStatus::Inbox};
    std::set<TaskStatus> leading{TaskStatus::Done};
    for (int round = 0; round <= last_status; ++round) {
      for (const LegalMove& move : legal_moves()) {
        if (reached.contains(move.from)) reached.insert(move.to);
        if (leading.contains(move.to)) leading.insert(move.from);
      }
    }
    CHECK(reached.contains(goal));
    CHECK(leading.contains(goal));
  }
}

TEST_CASE("a person can move forward and back, and closes with a word of its own") {
  CHECK(moves_from(TaskStatus::Inbox) == std::vector{TaskStatus::Planning, TaskStatus::Ready});
  CHECK(moves_from(TaskStatus::Review) == std::vector{TaskStatus::Ready, TaskStatus::Done});
  CHECK(moves_from(TaskStatus::Done) == std::vector{TaskStatus::Ready});
  CHECK(moves_from(TaskStatus::Blocked) == std::vector{TaskStatus::Inbox, TaskStatus::Planning});
  CHECK_FALSE(is_legal(TaskStatus::Inbox, TaskStatus::Done, Operation::Move));
  CHECK_FALSE(is_legal(TaskStatus::Ready, TaskStatus::InFlight, Operation::Move));
  CHECK_FALSE(is_legal(TaskStatus::Done, TaskStatus::Blocked, Operation::Block));
}

TEST_CASE("a refusal names what is legal and what to type") {
  const Error inbox = refusal(TaskStatus::Inbox, TaskStatus::Done);
  CHECK(inbox.kind() == ErrorKind::Refused);
  CHECK(
      std::string(inbox.what()) ==
      "task bcdf2345 is inbox and cannot be moved to done; it can be moved to planning or ready, blocked, or "
      "closed");
  CHECK(inbox.hint() == "git changeling task done bcdf2345");
  const Error claimed = refusal(TaskStatus::InFlight, TaskStatus::Done);
  CHECK(std::string(claimed.what()) ==
        "task bcdf2345 is in_flight and cannot be moved to done; it can be completed, released, blocked or "
        "closed");
  CHECK(claimed.hint() == "git changeling task complete bcdf2345");
  CHECK(refusal(TaskStatus::Ready, TaskStatus::InFlight).hint() == "git changeling task claim bcdf2345");
  CHECK(refusal(TaskStatus::Ready, TaskStatus::Blocked).hint() ==
        "git changeling task block bcdf2345 --reason TEXT");
  CHECK(refusal(TaskStatus::Blocked, TaskStatus::Ready).hint() == "git changeling task unblock bcdf2345");
  CHECK(std::string(refusal(TaskStatus::InFlight, TaskStatus::Ready).what()) ==
        "task bcdf2345 is in_flight and cannot be moved to ready; it can be completed, released, blocked or "
        "closed");
  CHECK(
      refusal(TaskStatus::InFlight, TaskStatus::Ready).hint().find("git changeling task release bcdf2345") !=
      std::string::npos);
  CHECK(std::string(refusal(TaskStatus::Done, TaskStatus::Ready, Operation::Unblock).what()) ==
        "task bcdf2345 is done and cannot be unblocked; it can be moved to ready");
}

TEST_CASE("moving, blocking, unblocking and closing obey the table for every pair of statuses") {
  for (int from = 0; from <= last_status; ++from) {
    const Task task = task_in(static_cast<TaskStatus>(from));
    for (int value = 0; value <= last_status; ++value) {
      const auto to = static_cast<TaskStatus>(value);
      if (is_legal(task.status, to, Operation::Move)) {
        CHECK(moved(task, to).status == to);
      } else {
        CHECK_THROWS_AS(moved(task, to), Error);
      }
    }
    if (is_legal(task.status, TaskStatus::Blocked, Operation::Block)) {
      CHECK(blocked(task, "why").blocked_reason == "why");
    } else {
      CHECK_THROWS_AS(blocked(task, "why"), Error);
    }
    if (is_legal(task.status, TaskStatus::Done, Operation::Close)) {
      CHECK(closed(task, holder).status == TaskStatus::Done);
      CHECK(dropped(task, holder, {}).status == TaskStatus::Done);
    } else {
      CHECK_THROWS_AS(closed(task, holder), Error);
      CHECK_THROWS_AS(dropped(task, holder, {}), Error);
    }
    if (task.status == TaskStatus::Blocked) {
      CHECK(unblocked(task).status == TaskStatus::Ready);
    } else {
      CHECK_THROWS_AS(unblocked(task), Error);
    }
  }
}

TEST_CASE("the diagram shows every move of the table") {
  const std::string diagram = moves_as_diagram();
  CHECK(diagram.starts_with("stateDiagram-v2\n    [*] --> inbox: add\n"));
  CHECK(diagram.find("    in_flight --> ready: release, expire\n") != std::string::npos);
  CHECK(diagram.find("    ready --> in_flight: claim\n") != std::string::npos);
  for (const LegalMove& move : legal_moves()) {
    const std::string arrow = std::string(to_string(move.from)) + " --> " + std::string(to_string(move.to));
    const auto line = diagram.find("    " + arrow + ": ");
    REQUIRE(line != std::string::npos);
    CHECK(diagram.substr(line, diagram.find('\n', line) - line).find(to_string(move.by)) !=
          std::string::npos);
  }
}
