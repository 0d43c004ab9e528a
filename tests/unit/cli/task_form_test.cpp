#include "cli/task_form.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;
using namespace changeling::cli;

namespace {

queue::Task sample() {
  queue::Task task;
  task.title = "Mend the parser";
  task.description = "# Why\n\nIt breaks.\n\n# How\n\n    indented code";
  task.priority = queue::Priority::High;
  task.complexity = queue::Complexity::S;
  task.labels = {"bug", "two words"};
  task.role = "fixer";
  task.blocked_by = {"abcde234", "bcdef345"};
  task.acceptance = {{queue::Criterion::Kind::Command, "make test: all"},
                     {queue::Criterion::Kind::Text, "nice"}};
  return task;
}

std::string problem(std::string_view text) {
  queue::Task task;
  try {
    read_task_form(text, "form", task);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a form that was not changed gives the same task") {
  const queue::Task task = sample();
  queue::Task read;
  read_task_form(task_form(task), "form", read);
  CHECK(read.title == task.title);
  CHECK(read.description == task.description);
  CHECK(read.priority == task.priority);
  CHECK(read.complexity == task.complexity);
  CHECK(read.labels == task.labels);
  CHECK(read.role == task.role);
  CHECK(read.blocked_by == task.blocked_by);
  CHECK(read.acceptance == task.acceptance);
}

TEST_CASE("the form of an empty task can be filled in") {
  queue::Task task;
  std::string form = task_form(task);
  form.replace(form.find("Title: "), 7, "Title: New");
  form.replace(form.find("Labels: "), 8, "labels: b, a, b");
  queue::Task read;
  read_task_form(form, "form", read);
  CHECK(read.title == "New");
  CHECK(read.labels == std::vector<std::string>{"a", "b"});
  CHECK(read.description.empty());
  CHECK(read.acceptance.empty());
}

TEST_CASE("emptied fields are cleared, all is ignored below the cutting line") {
  queue::Task task = sample();
  read_task_form(
      "Title: x\nComplexity:\nRole:\nLabels:\nBlocked-by:\n\ntext\n"
      "------------------------ >8 ------------------------\nPriority: nonsense\n",
      "form", task);
  CHECK_FALSE(task.complexity);
  CHECK(task.role.empty());
  CHECK(task.labels.empty());
  CHECK(task.blocked_by.empty());
  CHECK(task.acceptance.empty());
  CHECK(task.description == "text");
  CHECK(task.priority == queue::Priority::High);
}

TEST_CASE("mistakes are named with their line") {
  CHECK(problem("Title: x\nPriority: hgih\n").starts_with("form:2: Priority: "));
  CHECK(problem("Title: x\nTilte: y\n").starts_with("form:2: there is no field 'Tilte'"));
  CHECK(problem("Title: x\nsome text\n").starts_with("form:2: expected 'Field: value'"));
  CHECK(problem("Title:\n").empty());
}

TEST_CASE("comments above the form are no fields, and below its first line they are") {
  queue::Task task;
  read_task_form("#! form:3: Priority: no\n# mine\nTitle: x\n\n# A heading\n", "form", task);
  CHECK(task.title == "x");
  CHECK(task.description == "# A heading");
  CHECK_THROWS_AS(read_task_form("Title: x\n# no field\n", "form", task), Error);
}
