#pragma once

#include <optional>
#include <string>

#include "changeling/definition.hpp"
#include "project/services.hpp"
#include "run/observer.hpp"

namespace changeling::run {

/// What a run starts from.
struct Base {
  std::string branch;
  git::ObjectId commit;
};

/// What happens to commits of the base branch that are only here (`changeling.unpushed`). Hold: a run of the
/// local forge starts from them, but its branch stays here until they are pushed; one whose pull request goes
/// elsewhere starts from the remote's commit. Allow: they go out with the run's branch. Ignore: every run
/// starts from the remote's commit.
enum class Unpushed { Hold, Allow, Ignore };

/// Throws Error(Invalid) for a value that is none of the three.
Unpushed unpushed_policy(const git::Repository& repository);

/// Asks the remote for its default branch and the newest commit of the base, and fetches what is new there.
/// The commit is the remote's unless the local branch is ahead of it. Whatever of the two sides is left out,
/// or would go out though it is on no remote, is said; so is a remote that cannot be reached, and then the
/// run starts from what is here. Throws Error(NotFound) when there is no such branch, and Error(Refused) when
/// `run_branch` cannot be made because of the name of another branch, here or on the remote.
Base find_base(const project::Services& services, const Observer& observer, const Definition& definition,
               const std::string& run_branch);

/// Fetches one branch to its tracking reference; what fails is only said.
void fetch_branch(const project::Services& services, const Observer& observer, const std::string& remote,
                  const std::string& branch);

/// Whether the commit is on a branch of the remote, or of the one that branches go to. Asks them unless what
/// is noted here tells; one that cannot be reached has nothing.
bool is_published(const project::Services& services, const git::ObjectId& commit);

/// Why a branch that begins at `base_commit` may not be pushed: a sentence that names what to do, because
/// commits of the base branch would go out with it that are on no remote. Nothing when it may.
std::optional<std::string> why_held(const project::Services& services, const std::string& base,
                                    const std::string& base_commit);

}  // namespace changeling::run
