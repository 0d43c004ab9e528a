#include "store/undo_steps.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace changeling::store {
namespace {

/// Kinds of operations that no person asked for by themselves.
constexpr auto no_steps =
    std::to_array<std::string_view>({"init", "compact", "sync", "pull.open", "pull.update", "pull.found"});

/// Calls `look` with the operations from `tip` on, newest first, that are still in force: not with those that
/// a later one took back. Stops when it answers false.
void each_in_force(const git::Repository& repository, const git::ObjectId& tip,
                   const std::function<bool(const git::CommitInfo&, const OperationRecord&)>& look) {
  std::set<std::string> taken_back;
  HistoryWalk walk(repository, tip);
  while (const auto commit = walk.next()) {
    const OperationRecord operation = operation_of(*commit);
    if (taken_back.contains(operation.id.hex())) continue;
    if (!operation.undoes.empty()) taken_back.insert(operation.undoes);
    if (!look(*commit, operation)) return;
  }
}

}  // namespace

bool is_step(const git::CommitInfo& commit, const OperationRecord& operation) {
  if (commit.parents.size() != 1 || operation.kind.starts_with("run.")) return false;
  return std::find(no_steps.begin(), no_steps.end(), operation.kind) == no_steps.end();
}

std::optional<git::CommitInfo> next_to_undo(const git::Repository& repository, const git::ObjectId& tip,
                                            const std::function<bool(const git::CommitInfo& step)>& accepts) {
  std::optional<git::CommitInfo> found;
  each_in_force(repository, tip, [&](const git::CommitInfo& commit, const OperationRecord& operation) {
    if (operation.undoes.empty() && is_step(commit, operation) && (!accepts || accepts(commit)))
      found = commit;
    return !found;
  });
  return found;
}

std::optional<git::CommitInfo> next_to_redo(const git::Repository& repository, const git::ObjectId& tip) {
  std::optional<git::CommitInfo> found;
  each_in_force(repository, tip, [&](const git::CommitInfo& commit, const OperationRecord& operation) {
    if (!is_step(commit, operation)) return true;
    // A redo that is in force leads on to the undos before it.
    if (!operation.undoes.empty() && reversal_of(repository, operation).kind == "undo") return true;
    if (!operation.undoes.empty()) found = commit;
    return false;
  });
  return found;
}

Reversal reversal_of(const git::Repository& repository, const OperationRecord& operation) {
  OperationRecord first = operation;
  bool again = false;
  while (!first.undoes.empty()) {
    const auto before = repository.resolve_revision(first.undoes);
    again = !again;
    // Compaction may have left the first one behind; its undo's subject still names it.
    if (!before) {
      if (first.subject.starts_with("redo: ")) again = !again;
      if (first.subject.starts_with("undo: ") || first.subject.starts_with("redo: "))
        first.subject.erase(0, std::string_view("undo: ").size());
      break;
    }
    first = operation_of(repository.commit(*before));
  }
  return {again ? "redo" : "undo", first.subject};
}

}  // namespace changeling::store
