#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"

namespace changeling::store {

enum class PullRequestState { Open, Merged, Closed };

std::string_view to_string(PullRequestState state);

/// A pull request of the `local` forge. Lies at pull_request_path() on the state ref.
struct PullRequestRecord {
  std::int64_t number = 0;
  std::string title;
  std::string body;  ///< Markdown.
  std::string changeling;
  std::string run;  ///< Id of the run that last changed it.
  std::string branch;
  std::string base;         ///< Branch name.
  std::string base_commit;  ///< What the work was based on.
  std::string head;         ///< Commit.
  PullRequestState state = PullRequestState::Open;
  bool draft = false;
  std::vector<std::string> labels;
  std::vector<std::string> reviewers;
  std::string patch_id;  ///< Remembered so that a rejected change is not proposed again.
  Timestamp created_at{};
  Timestamp updated_at{};
  std::optional<Timestamp> closed_at;
  std::string closed_by;
  std::string close_reason;
  std::string merge_commit;
};

/// Which open pull requests are asked for. Empty members do not restrict; all that are given must hold.
struct OpenRequestQuery {
  std::string changeling;
  std::vector<std::string> branches;  ///< One of them.
  std::string head;                   ///< Commit.
};

nlohmann::json to_json(const PullRequestRecord& pull);
PullRequestRecord pull_request_from_json(const nlohmann::json& object, std::string_view source);
/// Throws Error(Invalid) naming `source` when the text is no record of this pull request.
PullRequestRecord parse_pull_request(std::string_view text, std::int64_t number, std::string_view source);

}  // namespace changeling::store
