#include <fmt/format.h>

#include <algorithm>

#include "queue/rules.hpp"
#include "queue/task.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

// What a task waits for besides other tasks, and what opens it.
namespace changeling::queue {
namespace {

constexpr std::string_view until_word = "until:";
constexpr std::string_view person_word = "person";
constexpr std::string_view check_word = "check:";

/// "2026-12-24"; parse_timestamp tells whether there is such a day.
bool is_day(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  constexpr std::string_view shape = "dddd-dd-dd";
  if (text.size() != shape.size()) return false;
  for (std::size_t index = 0; index < shape.size(); ++index) {
    const bool digit = digits.find(text[index]) != std::string_view::npos;
    if (shape[index] == 'd' ? !digit : text[index] != '-') return false;
  }
  return true;
}

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw Error(ErrorKind::Invalid, fmt::format("'{}' is no gate{}", text, why.empty() ? "" : ": " + why),
              "a gate is until:TIME (2026-12-24T08:00:00Z, 2026-12-24T08:00:00+01:00, or 2026-12-24 for its "
              "midnight in UTC), person, check:NAME or check:NAME@BRANCH");
}

Gate time_gate(std::string_view text) {
  Gate gate;
  gate.kind = Gate::Kind::Time;
  const std::string_view time = text.substr(until_word.size());
  try {
    // A day begins at midnight in UTC, on every machine at the same moment.
    gate.until = parse_timestamp(is_day(time) ? std::string(time) + "T00:00:00Z" : std::string(time));
  } catch (const Error& error) {
    refuse(text, error.what());
  }
  return gate;
}

Gate check_gate(std::string_view text) {
  Gate gate;
  gate.kind = Gate::Kind::Check;
  const std::string_view rest = text.substr(check_word.size());
  const auto at = rest.rfind('@');
  gate.check = std::string(trim(rest.substr(0, at)));
  if (at != std::string_view::npos) gate.branch = std::string(trim(rest.substr(at + 1)));
  if (gate.check.empty()) refuse(text, "the check has no name");
  return gate;
}

void open(Gate& gate, const std::string& by, Timestamp now) {
  gate.opened_by = by;
  gate.opened_at = now;
}

}  // namespace

bool Gate::is_closed(Timestamp now) const {
  return kind == Kind::Time ? until > now && opened_by.empty() : opened_by.empty();
}

bool Gate::same_as(const Gate& other) const {
  return kind == other.kind && until == other.until && check == other.check && branch == other.branch;
}

Gate parse_gate(std::string_view text) {
  text = trim(text);
  if (text == person_word) return Gate{};
  if (text.starts_with(until_word)) return time_gate(text);
  if (text.starts_with(check_word)) return check_gate(text);
  refuse(text, "");
}

std::string to_string(const Gate& gate) {
  switch (gate.kind) {
    case Gate::Kind::Time:
      return fmt::format("{}{}", until_word, format_timestamp(gate.until));
    case Gate::Kind::Person:
      return std::string(person_word);
    case Gate::Kind::Check:
      return fmt::format("{}{}{}", check_word, gate.check, gate.branch.empty() ? "" : "@" + gate.branch);
  }
  return "";
}

std::string describe(const Gate& gate, std::string_view task) {
  switch (gate.kind) {
    case Gate::Kind::Time:
      return format_timestamp(gate.until);
    case Gate::Kind::Person:
      return fmt::format("a person (git changeling task approve {})", task);
    case Gate::Kind::Check:
      return fmt::format("the check '{}'{}", gate.check, gate.branch.empty() ? "" : " on " + gate.branch);
  }
  return "";
}

const Gate* closed_gate(const Task& task, Timestamp now) {
  const auto found = std::find_if(task.gates.begin(), task.gates.end(),
                                  [&](const Gate& gate) { return gate.is_closed(now); });
  return found == task.gates.end() ? nullptr : &*found;
}

std::optional<Timestamp> gates_open_at(const Task& task) {
  Timestamp latest{};
  for (const Gate& gate : task.gates) {
    if (!gate.opened_by.empty()) continue;
    if (gate.kind != Gate::Kind::Time) return std::nullopt;
    latest = std::max(latest, gate.until);
  }
  return latest;
}

Task approved(Task task, const std::string& by, Timestamp now) {
  bool any = false;
  for (Gate& gate : task.gates) {
    if (gate.kind != Gate::Kind::Person || !gate.opened_by.empty()) continue;
    open(gate, by, now);
    any = true;
  }
  if (!any) {
    throw Error(ErrorKind::Refused, fmt::format("task {} does not wait for a person", task.id),
                fmt::format("see what it waits for: git changeling task show {}", task.id));
  }
  return task;
}

Task check_passed(Task task, const std::string& check, const std::string& branch, Timestamp now) {
  for (Gate& gate : task.gates) {
    const bool same = gate.kind == Gate::Kind::Check && gate.check == check && gate.branch == branch;
    if (same && gate.opened_by.empty()) open(gate, "check " + check, now);
  }
  return task;
}

void add_criteria(Task& task, const std::vector<Criterion>& criteria) {
  for (const Criterion& criterion : criteria) {
    if (std::find(task.acceptance.begin(), task.acceptance.end(), criterion) == task.acceptance.end())
      task.acceptance.push_back(criterion);
  }
}

void remove_criteria(Task& task, const std::vector<Criterion>& criteria) {
  std::erase_if(task.acceptance, [&](const Criterion& criterion) {
    return std::find(criteria.begin(), criteria.end(), criterion) != criteria.end();
  });
}

}  // namespace changeling::queue
