#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "git/program.hpp"
#include "git/repository.hpp"
#include "git/work_tree.hpp"
#include "store/records.hpp"
#include "store/store.hpp"
#include "support/clock.hpp"

namespace changeling::forge {

enum class AcceptKind { AlreadyMerged, FastForward, Merged };

/// What accepting a pull request of the local forge did.
struct Acceptance {
  store::PullRequestRecord pull;  ///< As recorded afterwards; merge_commit is where the base branch got it.
  AcceptKind kind = AcceptKind::AlreadyMerged;
  bool work_tree_updated = false;  ///< The base branch is checked out here and its files were brought along.
  /// Submodules in it that have another commit now, while their files are what they were.
  std::vector<std::string> submodules = {};
};

/// Where a pull request is accepted.
struct AcceptPlace {
  git::Repository& repository;
  store::Store& store;
  const git::GitProgram& git;
  /// The one that git uses here; its files follow when it has the base branch checked out.
  std::optional<git::WorkTree> work_tree;
  const Clock& clock;
  std::string remote = {};  ///< Whose base branches the requests begin at; for hints; empty: none.
  /// A commit, or what git reads as one, that is to be merged. Nothing: what was proposed and checked.
  std::optional<std::string> head = {};
};

/// Merges an open pull request into its base branch. What its branch has beyond what was proposed nobody has
/// checked, and checks that failed are no leave to merge: then, as where `place.head` is another commit,
/// Error(Refused) says what to look at. It is done by
/// moving the branch forward where that is possible, with a merge commit otherwise (merge.ff counts). May be
/// repeated after being killed at any point: a head that is in the base branch already only becomes recorded
/// as merged, and for what is recorded as merged nothing happens.
///
/// Throws, with nothing changed:
///   Error(NotFound)  no such pull request, or its head or base branch is not in this repository
///   Error(Refused)   it was rejected; the base branch exists only on a remote, is checked out in another
///                    work tree, or is in the middle of a rebase or merge
///   Error(Conflict)  the merge has conflicts, its branch was rewritten, the merge would bring back what the
///                    base branch or the remote's was rewritten to get rid of, another git command is at
///                    work in this work tree, or files in it would be lost
///   Error(External)  git could not merge or write a file
Acceptance accept_pull_request(const AcceptPlace& place, std::int64_t number);

/// Whether the base branch and the remote's, as it was fetched last, have each commits of their own: a push
/// would be refused, and with force, or after joining them, undo what others did.
bool has_parted_from_remote(const AcceptPlace& place, const std::string& base);

/// What an acceptance has left in this work tree that was killed before its end: the file that says so.
/// Nothing while one is running.
std::optional<std::filesystem::path> remains_of_acceptance(const git::Repository& repository,
                                                           const std::optional<git::WorkTree>& work_tree);

}  // namespace changeling::forge
