#include "cli/task_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/syntax.hpp"
#include "queue/task_edit.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// Runs a parser whose error does not know the option, and says it.
template <typename Parse>
auto parse_for(std::string_view option, const Parse& parse) {
  try {
    return parse();
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("{}: {}", option, error.what()), error.hint());
  }
}

}  // namespace

void TaskOptions::declare(Syntax& syntax) {
  syntax.single("--description", description_, "What is to be done, and why; '-' reads standard input")
      .value_name("TEXT");
  syntax
      .repeatable("--accept", accept_,
                  "A criterion of acceptance: file:PATH must exist, run:COMMAND must succeed, any "
                  "other text is for a reviewer")
      .value_name("TEXT");
  syntax.single("--priority", priority_, "What is claimed first (low|medium|high|urgent)")
      .value_name("PRIORITY");
  syntax.single("--complexity", complexity_, "How big it is (xs|s|m|l|xl)").value_name("COMPLEXITY");
  syntax.repeatable("--label", labels_, "A label").value_name("LABEL");
  syntax.single("--role", role_, "Only workers of this role take it").value_name("ROLE");
  syntax.repeatable("--blocked-by", blocked_by_, "Id of a task that must be done first").value_name("ID");
  syntax.single("--parent", parent_, "Id of the task that this one is a part of").value_name("ID");
  syntax.single("--discovered-from", discovered_from_, "Id of the task whose work brought this one to light")
      .value_name("ID");
  syntax
      .repeatable("--gate", gates_,
                  "What it waits for: until:TIME, person (see task approve), or check:NAME[@BRANCH] of "
                  "continuous integration")
      .value_name("GATE");
  syntax.single("--status", status_, "Where it is in the queue (inbox|planning|ready|review|done)")
      .value_name("STATUS");
}

bool TaskOptions::any() const {
  for (const Words* words : {&description_, &accept_, &priority_, &complexity_, &labels_, &role_,
                             &blocked_by_, &parent_, &discovered_from_, &gates_, &status_}) {
    if (!words->empty()) return true;
  }
  return false;
}

void TaskOptions::apply(queue::Task& task) const {
  if (!description_.empty()) {
    const std::string& text = description_.back();
    task.description = valid_utf8(text == "-" ? read_file("/dev/stdin") : text);
  }
  if (!accept_.empty()) {
    task.acceptance.clear();
    for (const std::string& text : accept_) {
      if (text.empty()) continue;
      task.acceptance.push_back(
          parse_for("--accept", [&] { return queue::parse_criterion(valid_utf8(text)); }));
    }
  }
  if (!priority_.empty())
    task.priority = parse_for("--priority", [&] { return queue::parse_priority(priority_.back()); });
  if (!complexity_.empty()) {
    const std::string& word = complexity_.back();
    task.complexity.reset();
    if (!word.empty())
      task.complexity = parse_for("--complexity", [&] { return queue::parse_complexity(word); });
  }
  if (!labels_.empty()) task.labels = queue::sorted_words(labels_);
  if (!role_.empty()) task.role = valid_utf8(role_.back());
  if (!blocked_by_.empty()) task.blocked_by = queue::sorted_words(blocked_by_);
  if (!parent_.empty()) task.parent = valid_utf8(parent_.back());
  if (!discovered_from_.empty()) task.discovered_from = valid_utf8(discovered_from_.back());
  if (!gates_.empty()) {
    const std::vector<queue::Gate> before = std::move(task.gates);
    task.gates.clear();
    for (const std::string& text : gates_) {
      if (text.empty()) continue;
      const auto gate = parse_for("--gate", [&] { return queue::parse_gate(valid_utf8(text)); });
      // One that is given again stays as open as it was.
      const auto known = std::find_if(before.begin(), before.end(),
                                      [&](const queue::Gate& other) { return other.same_as(gate); });
      task.gates.push_back(known == before.end() ? gate : *known);
    }
  }
}

std::optional<queue::TaskStatus> TaskOptions::status() const {
  if (status_.empty()) return std::nullopt;
  return parse_for("--status", [&] { return queue::parse_status(status_.back()); });
}

}  // namespace changeling::cli
