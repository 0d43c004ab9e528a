#pragma once

#include <string>

#include "forge/forge.hpp"
#include "project/project.hpp"

namespace changeling::project {

/// What `git switch` has done in the user's work tree.
struct RequestCheckout {
  git::ObjectId commit;  ///< What is there now, on no branch.
  std::string back;      ///< The command that goes back to what was there.
};

/// Brings the head of a request into the work tree that git uses here, as `git switch --detach` does: no
/// branch moves, so that runs may go on with the request meanwhile. Throws Error(Refused), before anything
/// has changed, without a work tree, where git refuses (changes of the user's that would be lost, a merge
/// under way), and where HEAD is on commits that no branch or tag has; Error(Unavailable) when the commit is
/// not here.
RequestCheckout check_out_request(Project& project, const forge::PullRequest& pull);

}  // namespace changeling::project
