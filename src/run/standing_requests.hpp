#pragma once

#include <string>
#include <vector>

#include "forge/forge.hpp"
#include "project/services.hpp"
#include "run/observer.hpp"

namespace changeling::run {

/// Of open pull requests, those that a run may go on with. People merge a branch by hand, or delete it,
/// without telling the forge; such a request is left out and said, and the local forge notes what became of
/// it: merged, or closed because its branch was deleted. Asks the remote for the bases and the branches, if
/// there are any to ask for; without a connection what is here decides, and no branch counts as deleted.
std::vector<forge::PullRequest> standing_requests(const project::Services& services, const Observer& observer,
                                                  std::vector<forge::PullRequest> open);

/// Asks a forge elsewhere what became of requests that earlier runs of the changeling noted as open and that
/// are not among `open` any more, the newest few, and notes it in their records. Says nothing when the forge
/// cannot be asked; the next run does it. The services' runs must be brought up.
void note_request_states(const project::Services& services, const std::string& changeling,
                         const std::vector<forge::PullRequest>& open);

}  // namespace changeling::run
