#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "forge/forge.hpp"
#include "git/held_object.hpp"
#include "project/services.hpp"
#include "run/observer.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Where the agent starts.
struct StartingPoint {
  std::string base;           ///< Branch name.
  git::ObjectId base_commit;  ///< Its newest commit, fetched if there is a remote.
  git::ObjectId commit;       ///< What the worktree holds at first.
  /// The open pull request that this run goes on with: a reviewer has said something of it since, or the
  /// changeling has as many as it may.
  std::optional<forge::PullRequest> continues;
  /// Set when that pull request's branch conflicts with the base, or the base was rewritten below it, and,
  /// all work in it being proven to be this clone's (is_proven_work), it is made anew from the base: the
  /// commit that the push replaces.
  std::optional<git::ObjectId> replaces;
  /// Where `commit` is a merge that was made for this run, until a branch leads to it.
  std::shared_ptr<const git::HeldObject> held = {};
};

/// The newest commit of a pull request's branch, as it was last fetched: with a forge elsewhere what is on
/// the remote counts, with the local forge also what could not be pushed yet. Nothing without such a branch.
std::optional<git::ObjectId> newest_commit(const project::Services& services, const std::string& branch);

/// Finds the base (find_base), and looks for an open pull request to continue. Throws Error(Refused) when
/// that pull request's branch conflicts with the base, or with a rewritten one, and holds commits of other
/// people.
StartingPoint find_starting_point(const project::Services& services, const Observer& observer,
                                  const Definition& definition, const std::string& run_branch,
                                  const std::vector<forge::PullRequest>& own_open,
                                  const std::vector<store::RunRecord>& earlier_runs);

}  // namespace changeling::run
