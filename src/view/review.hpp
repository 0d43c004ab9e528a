#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "project/request_reviews.hpp"

namespace changeling::view {

/// A review, with the ids of its threads.
nlohmann::json to_json(const store::ReviewRecord& review);
/// A comment on a file, where it is today, and what came of it.
nlohmann::json to_json(const project::ReviewThread& thread);
/// Everything that was said of a request: "reviews", "threads" and what is open of them.
nlohmann::json to_json(const project::RequestReviews& reviews);

/// Adds what lists tell of the reviews of a request.
void add_review_state(nlohmann::json& request, const project::ReviewState& state);

}  // namespace changeling::view
