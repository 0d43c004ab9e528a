#include "queue/moves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "queue/rules.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::queue {
namespace {

using enum TaskStatus;

constexpr std::array table{
    // The way forward, and a person's ways back.
    LegalMove{Inbox, Planning, Operation::Move},
    LegalMove{Inbox, Ready, Operation::Move},
    LegalMove{Planning, Inbox, Operation::Move},
    LegalMove{Planning, Ready, Operation::Move},
    LegalMove{Ready, Inbox, Operation::Move},
    LegalMove{Ready, Planning, Operation::Move},
    LegalMove{Review, Ready, Operation::Move},
    LegalMove{Review, Done, Operation::Move},
    LegalMove{Done, Ready, Operation::Move},
    LegalMove{Blocked, Inbox, Operation::Move},
    LegalMove{Blocked, Planning, Operation::Move},
    // Work in flight begins and ends only through its claim.
    LegalMove{Ready, InFlight, Operation::Claim},
    LegalMove{InFlight, Review, Operation::Complete},
    LegalMove{InFlight, Done, Operation::Complete},
    LegalMove{InFlight, Ready, Operation::Release},
    LegalMove{InFlight, Blocked, Operation::Release},
    LegalMove{InFlight, Ready, Operation::Expire},
    LegalMove{InFlight, Blocked, Operation::Expire},
    // Everything that is not done can be stopped.
    LegalMove{Inbox, Blocked, Operation::Block},
    LegalMove{Planning, Blocked, Operation::Block},
    LegalMove{Ready, Blocked, Operation::Block},
    LegalMove{InFlight, Blocked, Operation::Block},
    LegalMove{Review, Blocked, Operation::Block},
    LegalMove{Blocked, Ready, Operation::Unblock},
    // A person may say of everything that it is settled; of work in flight only whoever holds its claim.
    LegalMove{Inbox, Done, Operation::Close},
    LegalMove{Planning, Done, Operation::Close},
    LegalMove{Ready, Done, Operation::Close},
    LegalMove{InFlight, Done, Operation::Close},
    LegalMove{Review, Done, Operation::Close},
    LegalMove{Blocked, Done, Operation::Close},
};

std::string in_words(const std::vector<TaskStatus>& statuses) {
  std::string words;
  for (std::size_t index = 0; index < statuses.size(); ++index) {
    if (index > 0) words += index + 1 == statuses.size() ? " or " : ", ";
    words += to_string(statuses[index]);
  }
  return words;
}

/// "it can be moved to planning or ready, claimed, or blocked".
std::string what_is_legal(TaskStatus from) {
  std::vector<std::string> ways;
  const auto moves = moves_from(from);
  if (!moves.empty()) ways.push_back("moved to " + in_words(moves));
  const auto add = [&](Operation operation, std::string_view participle) {
    if (!moves_from(from, operation).empty()) ways.emplace_back(participle);
  };
  add(Operation::Claim, "claimed");
  add(Operation::Complete, "completed");
  add(Operation::Release, "released");
  add(Operation::Block, "blocked");
  add(Operation::Unblock, "unblocked");
  add(Operation::Close, "closed");
  const std::string_view last = moves.size() > 1 ? ", or " : " or ";
  std::string text;
  for (std::size_t index = 0; index < ways.size(); ++index) {
    if (index > 0) text += index + 1 == ways.size() ? last : ", ";
    text += ways[index];
  }
  return "it can be " + text;
}

std::string_view participle(Operation operation) {
  switch (operation) {
    case Operation::Move:
      return "moved";
    case Operation::Claim:
      return "claimed";
    case Operation::Complete:
      return "completed";
    case Operation::Release:
      return "released";
    case Operation::Expire:
      return "expired";
    case Operation::Block:
      return "blocked";
    case Operation::Unblock:
      return "unblocked";
    case Operation::Close:
      return "closed";
  }
  return "moved";
}

/// The command that does what somebody tried to do by moving.
std::string hint_for(const Task& task, TaskStatus to) {
  if (task.status == InFlight && (to == Inbox || to == Planning || to == Ready)) {
    return fmt::format(
        "give it back: git changeling task release {0}; another's claim ends with: git changeling task block "
        "{0} --reason TEXT",
        task.id);
  }
  if (to == InFlight && task.status == Ready) return "git changeling task claim " + task.id;
  if (to == Blocked && !moves_from(task.status, Operation::Block).empty())
    return fmt::format("git changeling task block {} --reason TEXT", task.id);
  if ((to == Done || to == Review) && task.status == InFlight)
    return "git changeling task complete " + task.id;
  if (to == Done && !moves_from(task.status, Operation::Close).empty())
    return "git changeling task done " + task.id;
  if (to == Ready && task.status == Blocked) return "git changeling task unblock " + task.id;
  const auto moves = moves_from(task.status);
  if (moves.empty()) return "";
  return fmt::format("git changeling task move {} {}", task.id, to_string(moves.back()));
}

}  // namespace

std::string_view to_string(Operation operation) {
  constexpr std::array<std::string_view, 8> words{"move",   "claim", "complete", "release",
                                                  "expire", "block", "unblock",  "close"};
  return words.at(static_cast<std::size_t>(operation));
}

std::span<const LegalMove> legal_moves() {
  return table;
}

bool is_legal(TaskStatus from, TaskStatus to, Operation by) {
  return std::any_of(table.begin(), table.end(), [&](const LegalMove& move) {
    return move.from == from && move.to == to && move.by == by;
  });
}

std::vector<TaskStatus> moves_from(TaskStatus from, Operation by) {
  std::vector<TaskStatus> statuses;
  for (const LegalMove& move : table) {
    if (move.from == from && move.by == by) statuses.push_back(move.to);
  }
  std::sort(statuses.begin(), statuses.end());
  return statuses;
}

void check_move(const Task& task, TaskStatus to, Operation by) {
  if (is_legal(task.status, to, by)) return;
  const std::string attempted =
      by == Operation::Move ? fmt::format("moved to {}", to_string(to)) : std::string(participle(by));
  throw Error(ErrorKind::Refused,
              fmt::format("task {} is {} and cannot be {}; {}", task.id, shown_status(task), attempted,
                          what_is_legal(task.status)),
              by == Operation::Move || by == Operation::Close ? hint_for(task, to) : "");
}

std::string moves_as_diagram() {
  // One arrow for each pair of statuses, in the order of the table.
  std::vector<std::pair<TaskStatus, TaskStatus>> arrows;
  std::map<std::pair<TaskStatus, TaskStatus>, std::vector<std::string>> operations;
  for (const LegalMove& move : table) {
    auto& names = operations[{move.from, move.to}];
    if (names.empty()) arrows.emplace_back(move.from, move.to);
    names.emplace_back(to_string(move.by));
  }
  std::string diagram = "stateDiagram-v2\n    [*] --> inbox: add\n";
  for (const auto& [from, to] : arrows) {
    diagram += fmt::format("    {} --> {}: {}\n", to_string(from), to_string(to),
                           join(operations[{from, to}], ", "));
  }
  return diagram;
}

}  // namespace changeling::queue
