#pragma once

#include <cstdint>

#include "git/repository.hpp"
#include "store/records.hpp"
#include "support/clock.hpp"

namespace changeling::forge {

enum class AcceptKind { AlreadyMerged, FastForward, Merged };

/// What accepting a pull request of the local forge did.
struct Acceptance {
  store::PullRequestRecord pull;  ///< As recorded afterwards; merge_commit is where the base branch got it.
  AcceptKind kind = AcceptKind::AlreadyMerged;
  bool work_tree_updated = false;  ///< The base branch is checked out here and its files were brought along.
};

/// Merges an open pull request, with what people committed to its branch since, into its base branch: by
/// moving the branch forward where that is possible, with a merge commit otherwise. May be repeated after
/// being killed at any point: a head that is in the base branch already only becomes recorded as merged, and
/// for what is recorded as merged nothing happens.
///
/// Throws, with nothing changed:
///   Error(NotFound)  no such pull request, or its head or base branch is not in this repository
///   Error(Refused)   it was rejected; the base branch exists only on a remote, is checked out in another
///                    work tree, or is in the middle of a rebase or merge
///   Error(Conflict)  the merge has conflicts, its branch was rewritten, or uncommitted changes in this work
///                    tree would be lost
Acceptance accept_pull_request(git::Repository& repository, store::Store& store, const Clock& clock,
                               std::int64_t number);

}  // namespace changeling::forge
