#pragma once

#include "forge/forge.hpp"
#include "project/project.hpp"
#include "project/review_threads.hpp"

namespace changeling::project {

/// Everything that was said of a request.
struct RequestReviews {
  std::vector<store::ReviewRecord> reviews;  ///< Oldest first.
  std::vector<ReviewThread> threads;
  ReviewState state;
};

/// Of a request of the local forge; empty for one that lives elsewhere. What cannot be read is noted.
RequestReviews reviews_of(Project& project, const forge::PullRequest& pull,
                          const std::optional<ComparedCommits>& compared);

/// For lists, which need not know where threads are.
ReviewState review_state_of(Project& project, const forge::PullRequest& pull);

}  // namespace changeling::project
