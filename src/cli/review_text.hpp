#pragma once

#include <string>

#include "cli/context.hpp"
#include "project/request_reviews.hpp"

namespace changeling::cli {

/// What people have said of a request, for people: reviews, then threads with the lines that they are about.
/// Empty when nobody has said anything.
std::string reviews_text(Context& context, const project::RequestReviews& reviews,
                         const std::optional<project::ComparedCommits>& compared);

/// "open", "draft", "merged" or "closed", and how that is shown.
std::string request_state(const forge::PullRequest& pull);
Style request_style(const forge::PullRequest& pull);

/// "2 open threads, changes requested"; empty when nothing is.
std::string review_state_text(const project::ReviewState& state);

}  // namespace changeling::cli
