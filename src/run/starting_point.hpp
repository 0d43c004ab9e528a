#pragma once

#include <optional>
#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "forge/forge.hpp"
#include "run/services.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// The branch that a definition's work goes into: its own `branch`, else `changeling.base`, else the remote's
/// HEAD, else main or master where they exist, else the branch the user is on.
/// Throws Error(NotFound) with a hint when there is none, as in a repository without commits.
std::string base_branch(const Services& services, const Definition& definition);
/// The same for who has no services, which would open the forge.
std::string base_branch(const git::Repository& repository, const git::GitProgram& git,
                        const std::string& remote, const Definition& definition);

/// Where the agent starts.
struct StartingPoint {
  std::string base;           ///< Branch name.
  git::ObjectId base_commit;  ///< Its newest commit, fetched if there is a remote.
  git::ObjectId commit;       ///< What the worktree holds at first.
  /// The open pull request that this run goes on with, because the changeling has as many as it may.
  std::optional<forge::PullRequest> continues;
  /// Set when that pull request's branch conflicts with the base and, all work in it being the changeling's
  /// own, is made anew from the base: the commit that the push replaces.
  std::optional<git::ObjectId> replaces;
};

/// Fetches, and looks for an open pull request to continue. A remote that cannot be reached is a message, not
/// an error: the run starts from what is here. Throws Error(Refused) when the pull request's branch conflicts
/// with the base and holds commits of other people.
StartingPoint find_starting_point(const Services& services, const Observer& observer,
                                  const Definition& definition,
                                  const std::vector<forge::PullRequest>& own_open,
                                  const std::vector<store::RunRecord>& earlier_runs);

}  // namespace changeling::run
