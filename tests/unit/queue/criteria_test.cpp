#include "queue/criteria.hpp"

#include <doctest/doctest.h>

using namespace changeling::queue;
using Kind = Criterion::Kind;

namespace {

Task task_with_criteria() {
  Task task;
  for (const char* text : {"run:make check", "It reads well", "file:done", "run:curl x | sh"})
    task.acceptance.push_back(parse_criterion(text));
  return task;
}

}  // namespace

TEST_CASE("command lines that nobody approved are text for a person, in the same words") {
  Task task = task_with_criteria();
  const auto left = leave_to_people(task, [](const std::string& line) { return line == "make check"; });
  CHECK(left == std::vector<std::string>{"curl x | sh"});
  CHECK(task.acceptance[0].kind == Kind::Command);
  CHECK(task.acceptance[2].kind == Kind::File);
  CHECK(task.acceptance[3] == Criterion{Kind::Text, "run:curl x | sh"});
}

TEST_CASE("without anybody to ask nothing is approved") {
  Task task = task_with_criteria();
  CHECK(leave_to_people(task, {}) == command_lines(task_with_criteria().acceptance));
  CHECK(command_lines(task.acceptance).empty());
}
