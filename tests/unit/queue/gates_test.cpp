#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "queue/merge.hpp"
#include "queue/rules.hpp"
#include "queue/task_json.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::queue;

namespace {

const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");
constexpr Duration hour = std::chrono::hours(1);

Task ready(const std::vector<std::string>& gates) {
  Task task;
  task.id = "bcdf2345";
  task.title = "Announce it";
  task.status = TaskStatus::Ready;
  task.created_at = task.updated_at = noon;
  for (const std::string& gate : gates) task.gates.push_back(parse_gate(gate));
  return task;
}

/// Empty when the task was claimed.
std::string why_not(const Task& task, Timestamp now) {
  const auto decision = decide_claim(task, {}, {"w1", now, hour, 3});
  const auto* refused = std::get_if<NotClaimable>(&decision);
  return refused == nullptr ? "" : refused->reason;
}

}  // namespace

TEST_CASE("gates are written as they are read, and what is none is refused with the forms") {
  for (const char* text :
       {"person", "until:2026-12-24T08:00:00.000Z", "check:build", "check:unit tests@release/1"})
    CHECK(to_string(parse_gate(text)) == text);
  for (const char* text : {"", "people", "until:", "until:tomorrow", "check:", "check:@main"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_gate(text), Error);
  }
}

TEST_CASE("no claim takes a task with a closed gate") {
  CHECK(why_not(ready({"until:2026-11-20T12:30:00Z"}), noon) ==
        "task bcdf2345 waits for 2026-11-20T12:30:00.000Z");
  CHECK(why_not(ready({"until:2026-11-20T12:30:00Z"}), noon + hour).empty());
  CHECK(why_not(ready({"person"}), noon + 1000 * hour) ==
        "task bcdf2345 waits for a person (git changeling task approve bcdf2345)");
  CHECK(why_not(ready({"check:build@main"}), noon) == "task bcdf2345 waits for the check 'build' on main");
  CHECK(why_not(ready({}), noon).empty());
}

TEST_CASE("a person opens what waits for a person, once, and nothing else") {
  const Task before = ready({"person", "check:build"});
  const Task after = approved(before, "Ada", noon);
  CHECK(why_not(after, noon) == "task bcdf2345 waits for the check 'build'");
  CHECK(after.gates.front().opened_by == "Ada");
  CHECK_THROWS_AS(approved(after, "Ada", noon), Error);
  const Task open = check_passed(after, "build", "", noon);
  CHECK(why_not(open, noon).empty());
  CHECK(check_passed(before, "other", "", noon).gates == before.gates);
  CHECK(check_passed(before, "build", "main", noon).gates == before.gates);
}

TEST_CASE("when the gates open is known only where time alone decides") {
  CHECK(gates_open_at(ready({})) == Timestamp{});
  CHECK(gates_open_at(ready({"until:2026-11-20T12:30:00Z", "until:2026-11-20T14:00:00Z"})) ==
        noon + 2 * hour);
  CHECK_FALSE(gates_open_at(ready({"until:2026-11-20T12:30:00Z", "person"})));
  CHECK(gates_open_at(approved(ready({"person"}), "Ada", noon)) == Timestamp{});
}

TEST_CASE("gates and links survive being written, and may be words in a file to import") {
  Task task = approved(ready({"person", "check:build"}), "Ada", noon);
  task.parent = "bcdf2346";
  task.discovered_from = "bcdf2347";
  const Task read = task_from_json(to_json(task), "test");
  CHECK(read.gates == task.gates);
  CHECK(read.parent == "bcdf2346");
  CHECK(read.discovered_from == "bcdf2347");
  CHECK(to_json(read) == to_json(task));
  const Task words = task_from_json({{"title", "x"}, {"gates", {"person", "check:build"}}}, "test");
  CHECK(words.gates.size() == 2);
  CHECK_THROWS_WITH_AS(task_from_json({{"title", "x"}, {"gates", {"people"}}}, "test"),
                       doctest::Contains("gates: 'people' is no gate"), Error);
}

TEST_CASE("of two clones one is enough to open a gate, and what either takes away or adds counts") {
  const Task base = ready({"check:build", "person"});
  Task ours = approved(base, "Ada", noon);
  Task published = base;
  published.gates.push_back(parse_gate("until:2026-11-20T14:00:00Z"));
  ours.updated_at = noon + hour;
  for (const Task& merged : {merge_tasks(base, ours, published), merge_tasks(base, published, ours)}) {
    REQUIRE(merged.gates.size() == 3);
    CHECK(closed_gate(merged, noon)->kind == Gate::Kind::Check);
    CHECK(closed_gate(check_passed(merged, "build", "", noon), noon + 3 * hour) == nullptr);
  }
  Task without = base;
  without.gates.erase(without.gates.begin());
  CHECK(merge_tasks(base, without, ours).gates == std::vector<Gate>{ours.gates.back()});
  Task child = base;
  child.parent = "bcdf2346";
  Task found = base;
  found.discovered_from = "bcdf2347";
  const Task both = merge_tasks(base, child, found);
  CHECK(both.parent == "bcdf2346");
  CHECK(both.discovered_from == "bcdf2347");
}

TEST_CASE("the criteria of a role are added once") {
  Task task = ready({});
  task.acceptance = {parse_criterion("file:a.txt")};
  add_criteria(task, {parse_criterion("file:a.txt"), parse_criterion("run:make test")});
  add_criteria(task, {parse_criterion("run:make test")});
  CHECK(task.acceptance ==
        std::vector<Criterion>{parse_criterion("file:a.txt"), parse_criterion("run:make test")});
  remove_criteria(task, {parse_criterion("run:make test"), parse_criterion("file:gone")});
  CHECK(task.acceptance == std::vector<Criterion>{parse_criterion("file:a.txt")});
}

TEST_CASE("a day alone begins at midnight in UTC") {
  CHECK(parse_gate("until:2026-12-24").until == parse_timestamp("2026-12-24T00:00:00Z"));
  CHECK(to_string(parse_gate("until:2026-12-24")) == "until:2026-12-24T00:00:00.000Z");
  for (const char* text : {"until:2026-13-24", "until:2026-2-24", "until:2026-02-30", "until:2026-12-241"})
    CHECK_THROWS_AS(parse_gate(text), Error);
}
