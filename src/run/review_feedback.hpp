#pragma once

#include <string>
#include <vector>

#include "forge/forge.hpp"
#include "project/review_threads.hpp"
#include "project/services.hpp"

namespace changeling::run {

/// Reviews of an open request of the local forge that were written since its head was proposed: for a run to
/// take up.
std::vector<store::ReviewRecord> new_reviews(const project::Services& services,
                                             const forge::PullRequest& pull);

/// For an agent that goes on with the request: the new reviews, and every thread that is not settled with the
/// lines around it, placed in `compared`. Text of others, of a bounded length; empty when there is nothing.
std::string review_feedback(const project::Services& services, const forge::PullRequest& pull,
                            const project::ComparedCommits& compared);

/// Whether a run that began at `start` after the newest of these reviews has found nothing to change.
bool was_answered(const project::Services& services, const std::string& changeling,
                  const std::vector<store::ReviewRecord>& reviews, const std::string& start);

}  // namespace changeling::run
