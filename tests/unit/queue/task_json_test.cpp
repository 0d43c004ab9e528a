#include "queue/task_json.hpp"

#include <doctest/doctest.h>

#include <set>

#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::queue;

namespace {

Task full_task() {
  const auto time = [](const char* text) { return parse_timestamp(text); };
  Task task;
  task.id = "bcdf2345";
  task.title = "Teach the parser about tabs";
  task.description = "Two lines,\none with \"quotes\".";
  task.acceptance = {{Criterion::Kind::Text, "It reads well"},
                     {Criterion::Kind::File, "docs/tabs.md"},
                     {Criterion::Kind::Command, "make check"}};
  task.status = TaskStatus::InFlight;
  task.priority = Priority::Urgent;
  task.complexity = Complexity::Xl;
  task.labels = {"parser", "tabs"};
  task.role = "coder";
  task.blocked_by = {"cccc2222"};
  task.assignee_agent = "worker-1";
  task.assignee_run = "run12345";
  task.artifacts = {{Artifact::Kind::PullRequest, "12", "the change", time("2026-11-20T10:00:00Z")}};
  task.attempts = {{"run11111", "worker-2", "failed", "no tests", time("2026-11-20T09:00:00Z")}};
  task.forgiven_attempts = 1;
  task.lease = Lease{"worker-1", 7, time("2026-11-20T11:00:00Z")};
  task.last_token = 7;
  task.source = "github:12";
  task.created_at = time("2026-11-19T08:00:00.123Z");
  task.created_by = "Ada <ada@example.com>";
  task.updated_at = time("2026-11-20T10:30:00Z");
  task.updated_by = "worker-1";
  return task;
}

std::string complaint(const Json& object) {
  try {
    task_from_json(object, "import:3");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Invalid);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a task keeps every field") {
  const Json object = to_json(full_task());
  CHECK(to_json(task_from_json(object, "test")) == object);
  CHECK(object["status"] == "in_flight");
  CHECK(object["acceptance"] == Json({"It reads well", "file:docs/tabs.md", "run:make check"}));
  CHECK(object["assignee"] == Json({{"agent", "worker-1"}, {"run", "run12345"}}));
  CHECK(object["lease"]["token"] == 7);
  CHECK(object["lease"]["expires_at"] == "2026-11-20T11:00:00.000Z");
  CHECK(object["artifacts"][0]["kind"] == "pr");
  CHECK(object["created_at"] == "2026-11-19T08:00:00.123Z");
}

TEST_CASE("an empty task shows its fields too, but no lease") {
  Task task;
  task.title = "x";
  const Json object = to_json(task);
  CHECK(object["assignee"].is_null());
  CHECK(object["complexity"].is_null());
  CHECK(object["labels"] == Json::array());
  CHECK(object["description"] == "");
  CHECK_FALSE(object.contains("lease"));
  CHECK(to_json(task_from_json(object, "test")) == object);
}

TEST_CASE("a title is all that a record needs; unknown keys are left alone") {
  const Task task = task_from_json(Json{{"title", "x"}, {"colour", "red"}, {"labels", {"b", "a", "b"}}}, "x");
  CHECK(task.status == TaskStatus::Inbox);
  CHECK(task.priority == Priority::Medium);
  CHECK(task.labels == std::vector<std::string>{"a", "b"});
}

TEST_CASE("what is wrong with a record is named with its place and key") {
  CHECK(complaint(Json{{"id", "x"}}) == "import:3: title: a task needs one");
  CHECK(complaint(Json{{"title", 3}}) == "import:3: title: expected a string, found number");
  CHECK(complaint(Json{{"title", "x"}, {"labels", "a"}}) ==
        "import:3: labels: expected a list, found string");
  CHECK(complaint(Json{{"title", "x"}, {"status", "redy"}}) ==
        "import:3: status: 'redy' is not one of inbox, planning, ready, in_flight, review, done, blocked");
  CHECK(complaint(Json{{"title", "x"}, {"created_at", "yesterday"}})
            .starts_with("import:3: created_at: 'yesterday'"));
  CHECK(complaint(Json{{"title", "x"}, {"lease", {{"token", "y"}}}}) ==
        "import:3: lease: token: expected a whole number, found string");
  CHECK(complaint(Json{{"title", "x"}, {"lease", 3}}) == "import:3: lease: expected an object, found number");
  CHECK(complaint(Json{{"title", "x"}, {"last_token", -1}}) == "import:3: last_token: -1 is negative");
  CHECK(complaint(Json{{"title", "x"}, {"attempts", {3}}}) == "import:3: attempts: expected a JSON object");
  CHECK(complaint(Json::array()) == "import:3: expected a JSON object");
}

TEST_CASE("every word reads back, and a wrong one names the nearest") {
  for (int value = 0; value <= static_cast<int>(TaskStatus::Blocked); ++value)
    CHECK(parse_status(to_string(static_cast<TaskStatus>(value))) == static_cast<TaskStatus>(value));
  for (int value = 0; value <= static_cast<int>(Priority::Urgent); ++value)
    CHECK(parse_priority(to_string(static_cast<Priority>(value))) == static_cast<Priority>(value));
  for (int value = 0; value <= static_cast<int>(Complexity::Xl); ++value)
    CHECK(parse_complexity(to_string(static_cast<Complexity>(value))) == static_cast<Complexity>(value));
  for (int value = 0; value <= static_cast<int>(Artifact::Kind::Link); ++value)
    CHECK(parse_artifact_kind(to_string(static_cast<Artifact::Kind>(value))) ==
          static_cast<Artifact::Kind>(value));
  try {
    parse_priority("urgnt");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.hint() == "did you mean 'urgent'?");
  }
}

TEST_CASE("a criterion reads back from its text") {
  using Kind = Criterion::Kind;
  for (const Criterion& criterion :
       {Criterion{Kind::Text, "looks good"}, Criterion{Kind::File, "a b.txt"},
        Criterion{Kind::Command, "test -f x"}, Criterion{Kind::Text, "file: a word"},
        Criterion{Kind::Text, "run:it"}, Criterion{Kind::Text, "text:twice"}}) {
    CHECK(parse_criterion(to_string(criterion)) == criterion);
  }
  CHECK(parse_criterion("file: docs/x.md") == Criterion{Kind::File, "docs/x.md"});
  CHECK_THROWS_AS(parse_criterion("run: "), Error);
  CHECK_THROWS_AS(parse_criterion(" "), Error);
}

TEST_CASE("new ids differ and their folders come from sixteen letters") {
  std::set<std::string> ids;
  std::set<char> folder_letters;
  for (int count = 0; count < 3000; ++count) {
    const std::string id = new_task_id();
    CHECK(id.size() == 8);
    CHECK(is_task_id(id));
    CHECK(id.find_first_of("01iloua") >= 4);
    folder_letters.insert(id.begin(), id.begin() + 4);
    ids.insert(id);
  }
  CHECK(ids.size() == 3000);
  CHECK(folder_letters.size() == 16);
}

TEST_CASE("an id cannot lead out of its folder") {
  for (const char* id : {"", "abcd", "a/bcd", "../../etc", "Abcde", "ab-cde", "abcde-", "abcd.", "abcd e"})
    CHECK_FALSE(is_task_id(id));
  for (const char* id : {"abcde", "proj12-a", "12345678"}) CHECK(is_task_id(id));
}
