#include "cli/task_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/task_options.hpp"
#include "queue/task_edit.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

constexpr std::string_view cutting_line = "------------------------ >8 ------------------------";

constexpr std::string_view help = R"(
Everything from the cutting line on is ignored. The first lines are fields, the text after
the empty line is the description. An empty title cancels.

Priority     low, medium, high, urgent
Complexity   xs, s, m, l, xl, or nothing
Labels       words separated by commas
Role         only workers of this role take the task; nothing: any worker
Blocked-by   ids of tasks that must be done first, separated by commas
Parent       id of the task that this one is a part of
Discovered-from  id of the task whose work brought this one to light
Gate         what it waits for; one line for each:
               until:TIME       2026-12-24T08:00:00Z
               person           git changeling task project::approve
               check:NAME       of continuous integration; check:NAME@BRANCH for one branch
Accept       a criterion of acceptance; one line for each:
               file:PATH        must exist in the result
               run:COMMAND      must succeed
               any other text   is for a reviewer to judge
)";

std::vector<std::string> comma_separated(std::string_view text) {
  std::vector<std::string> words;
  for (const std::string& word : split(text, ',')) words.emplace_back(trim(word));
  return queue::sorted_words(words);
}

/// Puts the value of one field into the task. False for a field that does not exist.
bool read_field(std::string_view field, std::string_view value, queue::Task& task) {
  if (field == "title") {
    task.title = std::string(value);
  } else if (field == "priority") {
    if (!value.empty()) task.priority = queue::parse_priority(value);
  } else if (field == "complexity") {
    task.complexity = value.empty() ? std::nullopt : std::optional(queue::parse_complexity(value));
  } else if (field == "labels") {
    task.labels = comma_separated(value);
  } else if (field == "role") {
    task.role = std::string(value);
  } else if (field == "blocked-by") {
    task.blocked_by = comma_separated(value);
  } else if (field == "parent") {
    task.parent = std::string(value);
  } else if (field == "discovered-from") {
    task.discovered_from = std::string(value);
  } else if (field == "gate") {
    if (!value.empty()) task.gates.push_back(queue::parse_gate(value));
  } else if (field == "accept") {
    if (!value.empty()) task.acceptance.push_back(queue::parse_criterion(value));
  } else {
    return false;
  }
  return true;
}

/// The form shows what a gate waits for, and not who has opened it.
void keep_opened(std::vector<queue::Gate>& gates, const std::vector<queue::Gate>& before) {
  for (queue::Gate& gate : gates) {
    for (const queue::Gate& other : before) {
      if (other.same_as(gate)) gate = other;
    }
  }
}

}  // namespace

std::string task_form(const queue::Task& task) {
  std::string form =
      fmt::format("Title: {}\nPriority: {}\nComplexity: {}\nLabels: {}\nRole: {}\nBlocked-by: {}\n",
                  task.title, to_string(task.priority), task.complexity ? to_string(*task.complexity) : "",
                  join(task.labels, ", "), task.role, join(task.blocked_by, ", "));
  form += fmt::format("Parent: {}\nDiscovered-from: {}\n", task.parent, task.discovered_from);
  for (const queue::Gate& gate : task.gates) form += fmt::format("Gate: {}\n", to_string(gate));
  if (task.gates.empty()) form += "Gate: \n";
  for (const queue::Criterion& criterion : task.acceptance)
    form += fmt::format("Accept: {}\n", to_string(criterion));
  if (task.acceptance.empty()) form += "Accept: \n";
  form += fmt::format("\n{}\n", task.description);
  return form + fmt::format("\n{}\n{}", cutting_line, help.substr(1));
}

void read_task_form(std::string_view text, const std::string& file, queue::Task& task) {
  static const std::vector<std::string> fields{"title", "priority",   "complexity", "labels",
                                               "role",  "blocked-by", "parent",     "discovered-from",
                                               "gate",  "accept"};
  const std::string valid = valid_utf8(text);
  const auto lines = split_lines(valid);
  task.title.clear();
  task.acceptance.clear();
  const std::vector<queue::Gate> gates_before = std::move(task.gates);
  task.gates.clear();
  std::size_t index = 0;
  while (index < lines.size() && lines[index].starts_with('#')) ++index;
  for (; index < lines.size() && !trim(lines[index]).empty() && lines[index] != cutting_line; ++index) {
    const std::string_view line = lines[index];
    const std::string place = fmt::format("{}:{}", file, index + 1);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      throw Error(ErrorKind::Invalid, fmt::format("{}: expected 'Field: value', found '{}'", place, line),
                  "an empty line separates the fields from the description");
    }
    const std::string field = to_lower(trim(line.substr(0, colon)));
    const auto problem = [&](const std::string& what, const std::string& hint) {
      return Error(ErrorKind::Invalid, fmt::format("{}: {}", place, what), hint);
    };
    bool known = false;
    try {
      known = read_field(field, trim(line.substr(colon + 1)), task);
    } catch (const Error& error) {
      throw problem(fmt::format("{}: {}", line.substr(0, colon), error.what()), error.hint());
    }
    if (known) continue;
    const auto near = nearest(field, fields);
    throw problem(
        fmt::format("there is no field '{}'; there are {}", line.substr(0, colon), join(fields, ", ")),
        near ? fmt::format("did you mean '{}'?", *near) : "");
  }
  keep_opened(task.gates, gates_before);
  std::string description;
  for (; index < lines.size() && lines[index] != cutting_line; ++index) description += lines[index] + "\n";
  const auto first = description.find_first_not_of('\n');
  task.description = first == std::string::npos
                         ? ""
                         : description.substr(first, description.find_last_not_of('\n') - first + 1);
}

std::string task_form_fields(const queue::Task& task, const std::vector<std::string>& fields) {
  std::string chosen;
  for (const std::string& line : split_lines(task_form(task))) {
    if (line.empty()) break;
    const std::string field = to_lower(line.substr(0, line.find(':')));
    if (std::find(fields.begin(), fields.end(), field) != fields.end()) chosen += line + "\n";
  }
  if (std::find(fields.begin(), fields.end(), "description") != fields.end())
    chosen += "Description: " + task.description + "\n";
  return std::string(trim(chosen));
}

}  // namespace changeling::cli
