#include "queue/task_import.hpp"

#include <doctest/doctest.h>

#include "queue/task_json.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::queue;

namespace {

Import import_text(std::string_view text, const Task& defaults = {}) {
  return read_import(text, "file", detect_import_format(text), defaults);
}

std::string refusal(std::string_view text) {
  try {
    import_text(text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Invalid);
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the format is found out") {
  CHECK(detect_import_format("{\"title\": \"a\"}\n{\"title\": \"b\"}\n") == ImportFormat::JsonLines);
  CHECK(detect_import_format("\n[{\"title\": \"a\"}]") == ImportFormat::JsonLines);
  CHECK(detect_import_format("{\"tasks\": []}") == ImportFormat::JsonLines);
  CHECK(detect_import_format("[\n  {\n    \"number\": 3,\n    \"title\": \"a\"\n  }\n]") ==
        ImportFormat::GitHub);
  CHECK(detect_import_format("{\"title\": \"a\", \"body\": \"\"}\n") == ImportFormat::GitHub);
  CHECK(detect_import_format("# Plan\n\n- [ ] a\n") == ImportFormat::Markdown);
  CHECK(detect_import_format("") == ImportFormat::Markdown);
  CHECK(parse_import_format("github") == ImportFormat::GitHub);
  CHECK_THROWS_WITH(parse_import_format("githup"),
                    "'githup' is no format; there are jsonl, github, markdown");
}

TEST_CASE("a byte order mark at the beginning is no part of the text") {
  const std::string text = "\xEF\xBB\xBF{\"title\":\"one\"}\r\n{\"title\":\"two\"}\r\n";
  CHECK(detect_import_format(text) == ImportFormat::JsonLines);
  const Import import = read_import(text, "tasks.jsonl", ImportFormat::JsonLines, {});
  REQUIRE(import.tasks.size() == 2);
  CHECK(import.tasks.front().task.title == "one");
}

TEST_CASE("JSON lines: what a line does not say comes from the defaults") {
  Task defaults;
  defaults.status = TaskStatus::Ready;
  defaults.role = "builder";
  defaults.labels = {"imported"};
  const Import read = import_text(
      "{\"title\": \"one\", \"labels\": [\"z\", \"a\"]}\n\n"
      "{\"title\": \"two\", \"status\": \"planning\", \"role\": \"reviewer\", \"priority\": \"high\"}\n",
      defaults);
  REQUIRE(read.tasks.size() == 2);
  CHECK(read.tasks[0].task.status == TaskStatus::Ready);
  CHECK(read.tasks[0].task.role == "builder");
  CHECK(read.tasks[0].task.labels == std::vector<std::string>{"a", "imported", "z"});
  CHECK(read.tasks[1].task.status == TaskStatus::Planning);
  CHECK(read.tasks[1].task.role == "reviewer");
  CHECK(read.tasks[1].task.priority == Priority::High);
  CHECK(read.tasks[1].place == "file:3");
}

TEST_CASE("JSON lines: what an export wrote comes back identically") {
  Task task;
  task.id = "abcde234";
  task.title = "A \"title\" — with everything";
  task.description = "line one\n\n\tline two\n";
  task.acceptance = {
      {Criterion::Kind::Text, "nice"}, {Criterion::Kind::File, "a b"}, {Criterion::Kind::Command, "true"}};
  task.status = TaskStatus::InFlight;
  task.complexity = Complexity::Xl;
  task.labels = {"one", "two"};
  task.blocked_by = {"bcdef345"};
  task.lease = Lease{"worker", 7, parse_timestamp("2026-11-20T12:00:00.123Z")};
  task.last_token = 7;
  task.attempts = {{"run1", "worker", "failed", "why", parse_timestamp("2026-11-19T12:00:00Z")}};
  task.artifacts = {
      {Artifact::Kind::Link, "https://example.com", "text", parse_timestamp("2026-11-18T12:00:00Z")}};
  task.created_at = parse_timestamp("2026-11-17T12:00:00Z");
  task.created_by = "Ada <ada@example.com>";
  const std::string line = to_json(task).dump() + "\n";
  const Import read = import_text(line);
  REQUIRE(read.tasks.size() == 1);
  CHECK(to_json(read.tasks[0].task).dump() + "\n" == line);
  CHECK(read.notes.empty());
}

TEST_CASE("JSON lines: ids that cannot be a task's are names within the file") {
  const Import read = import_text(
      "{\"id\": \"T1\", \"title\": \"one\", \"blocked_by\": [\"T2\", \"kept2345\"]}\n"
      "{\"id\": \"T2\", \"title\": \"two\"}\n"
      "{\"id\": \"kept2345\", \"title\": \"three\"}\n");
  REQUIRE(read.tasks.size() == 3);
  const std::string& two = read.tasks[1].task.id;
  CHECK(is_task_id(two));
  CHECK(two != "T2");
  CHECK(read.tasks[2].task.id == "kept2345");
  const auto& blockers = read.tasks[0].task.blocked_by;
  CHECK(std::find(blockers.begin(), blockers.end(), two) != blockers.end());
  CHECK(std::find(blockers.begin(), blockers.end(), "kept2345") != blockers.end());
}

TEST_CASE("JSON lines: a mistake is named with its line and field") {
  CHECK(refusal("{\"title\": \"a\"}\n{\"title\": \"b\", \"priority\": \"hgih\"}\n")
            .starts_with("file:2: priority: "));
  CHECK(refusal("{\"title\": \"a\"}\n{\"description\": \"b\"}\n").starts_with("file:2: title: "));
  CHECK(refusal("{\"title\": \"a\"}\n{\"title\": 5}\n").starts_with("file:2: "));
  CHECK(refusal("{\"title\": \"a\"}\n{\"title\": \"b\"\n").starts_with("file:2: not JSON"));
  CHECK(refusal("{\"title\": \"a\"}\n[1]\n").starts_with("file:2: expected an object"));
  CHECK(refusal("{\"title\": \"a\", \"blocked_by\": [\"T9\"]}\n{\"title\": \"b\"}")
            .starts_with("file:1: blocked_by: 'T9'"));
  CHECK(refusal("{\"title\": \"a\", \"id\": \"X\"}\n{\"title\": \"b\", \"id\": \"X\"}") ==
        "file:2: id: 'X' is also at file:1");
  CHECK(refusal("{\"title\": \"a\", \"status\": \"in_flight\"}").starts_with("file:1: status: in_flight"));
  CHECK(refusal("[{\"title\": \"a\"}, {\"title\": \"\"}]").starts_with("file: item 2: title: "));
}

TEST_CASE("JSON lines: an unknown field is pointed out once") {
  const Import read =
      import_text("{\"title\": \"a\", \"priorty\": \"high\"}\n{\"title\": \"b\", \"priorty\": \"low\"}\n");
  REQUIRE(read.notes.size() == 1);
  CHECK(read.notes[0] == "file:1: ignored the unknown field 'priorty'; did you mean 'priority'?");
}

TEST_CASE("GitHub: issues of the command-line tool and of the REST API") {
  const Import read = import_text(R"([
    {"number": 7, "title": "Crash at start", "body": "Steps:\r\n1. run\r\n", "state": "OPEN",
     "labels": [{"name": "bug"}, {"name": "role-fixer"}], "url": "https://github.com/o/r/issues/7",
     "createdAt": "2026-11-01T10:00:00Z"},
    {"number": 8, "title": "Old one", "body": null, "state": "closed", "labels": ["wontfix"],
     "html_url": "https://github.com/o/r/issues/8", "created_at": "2026-10-01T10:00:00Z"},
    {"number": 9, "title": "A change", "pull_request": {"url": "x"}}
  ])");
  CHECK(read.format == ImportFormat::GitHub);
  CHECK(read.pull_requests == 1);
  REQUIRE(read.tasks.size() == 2);
  const Task& open = read.tasks[0].task;
  CHECK(open.title == "Crash at start");
  CHECK(open.description == "Steps:\n1. run\n\n\nFrom https://github.com/o/r/issues/7");
  CHECK(open.labels == std::vector<std::string>{"bug"});
  CHECK(open.role == "fixer");
  CHECK(open.source == "github:7");
  CHECK(open.status == TaskStatus::Inbox);
  CHECK(open.created_at == parse_timestamp("2026-11-01T10:00:00Z"));
  const Task& closed = read.tasks[1].task;
  CHECK(closed.status == TaskStatus::Done);
  CHECK(closed.labels == std::vector<std::string>{"wontfix"});
  CHECK(closed.description == "From https://github.com/o/r/issues/8");
}

TEST_CASE("GitHub: one issue a line, and mistakes") {
  CHECK(import_text("{\"number\":1,\"title\":\"a\"}\n{\"number\":2,\"title\":\"b\"}\n").tasks.size() == 2);
  CHECK(refusal("[{\"number\":1,\"title\":\"a\"},{\"number\":2}]").starts_with("file: item 2: title: "));
  CHECK(refusal("{\"number\":1,\"title\":\"a\",\"labels\":[{\"colour\":\"red\"}]}")
            .starts_with("file:1: labels: "));
  CHECK(refusal("{\"number\":1,\"title\":\"a\",\"created_at\":\"yesterday\"}")
            .starts_with("file:1: created_at: "));
}

TEST_CASE("Markdown: boxes are tasks, what is indented below them is the description") {
  const Import read = import_text(
      "# Plan\n"
      "\n"
      "Some words.\n"
      "\n"
      "- [ ] First **thing**\n"
      "  It has text\n"
      "  - [ ] and a nested box\n"
      "    deeper\n"
      "\n"
      "  and a second paragraph\n"
      "* [x] Second thing\n"
      "\n"
      "A paragraph that belongs to nothing.\n"
      "- no box\n"
      "1. [X] Third\r\n"
      "```\n"
      "- [ ] inside a fence\n"
      "```\n"
      "+ [ ] Fourth\n");
  REQUIRE(read.tasks.size() == 4);
  CHECK(read.tasks[0].task.title == "First **thing**");
  CHECK(read.tasks[0].task.description ==
        "It has text\n- [ ] and a nested box\n  deeper\n\nand a second paragraph");
  CHECK(read.tasks[0].task.status == TaskStatus::Inbox);
  CHECK(read.tasks[0].place == "file:5");
  CHECK(read.tasks[1].task.title == "Second thing");
  CHECK(read.tasks[1].task.status == TaskStatus::Done);
  CHECK(read.tasks[1].task.description.empty());
  CHECK(read.tasks[2].task.title == "Third");
  CHECK(read.tasks[2].task.status == TaskStatus::Done);
  CHECK(read.tasks[3].task.title == "Fourth");
}

TEST_CASE("Markdown: a box without text, and text without boxes") {
  CHECK(refusal("- [ ] a\n- [ ]\n") == "file:2: title: there is no text after the box");
  CHECK(import_text("no boxes here\n").tasks.empty());
}
