#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

/// A worker's claim of a GitHub issue: a comment that ends with a marker. Workers may share one login, so the
/// marker has the worker's name and a random word. The token is the comment's number, which grows.
struct ClaimComment {
  std::int64_t id = 0;
  std::string author;  ///< Login, as GitHub says.
  std::string worker;
  std::string nonce;
  Duration lease{};  ///< From `renewed_at` on.
  Timestamp created_at{};
  Timestamp renewed_at{};  ///< Of GitHub's clock, as `created_at`.

  /// A little later than the lease says, for a renewal that is under way.
  bool expired_at(Timestamp time) const;
};

/// The body of the comment. `renewal` differs each time, so that an edit is one.
std::string compose_claim(const std::string& worker, const std::string& nonce, Duration lease,
                          std::string_view renewal);

/// Nothing for a comment that is no claim. Throws Error(External) for one without the fields that the
/// description of the API promises.
std::optional<ClaimComment> read_claim(const nlohmann::json& comment);

/// What a worker says at the end of an attempt: a comment with a marker that names the run.
struct ResultComment {
  std::string run;
  std::string outcome;
  bool success = false;
};
/// The marker at the end of the comment's body.
std::string result_marker(const ResultComment& result);
/// The body: what came of the run, with the summary of one that is `done` and the reasons of another.
std::string compose_result(const TaskResult& result, bool done);
std::optional<ResultComment> read_result(const nlohmann::json& comment);

/// Whether a comment counts: strangers can write anything, so only these logins and people whom the
/// repository lets in (author_association) are believed.
bool is_trusted(const nlohmann::json& comment, const std::vector<std::string>& logins);

}  // namespace changeling::work
