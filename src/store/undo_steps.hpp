#pragma once

#include <functional>
#include <optional>
#include <string>

#include "git/repository.hpp"
#include "store/history.hpp"

namespace changeling::store {

/// Whether an operation is one that a person takes back without naming it: not what runs record of
/// themselves, not the joining of two histories, not where a history begins.
bool is_step(const git::CommitInfo& commit, const OperationRecord& operation);

/// The newest step up to `tip` that has not been taken back: asked again after each undo, it goes one further
/// back. Nothing when none is left. With `accepts` it is the newest that this takes.
std::optional<git::CommitInfo> next_to_undo(
    const git::Repository& repository, const git::ObjectId& tip,
    const std::function<bool(const git::CommitInfo& step)>& accepts = {});

/// The newest undo up to `tip` that has not been taken back itself. Nothing when a step has been made since:
/// what lay ahead then lies no more.
std::optional<git::CommitInfo> next_to_redo(const git::Repository& repository, const git::ObjectId& tip);

/// What taking an operation back is, in the end: the operation at the beginning of the chain of undos and
/// redos, and whether it is done again or taken back.
struct Reversal {
  std::string kind;     ///< "undo" or "redo".
  std::string subject;  ///< Of the first operation.
};
Reversal reversal_of(const git::Repository& repository, const OperationRecord& operation);

}  // namespace changeling::store
