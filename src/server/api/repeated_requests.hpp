#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "server/message.hpp"
#include "store/sqlite.hpp"
#include "support/clock.hpp"

namespace changeling::server::api {

/// Answers to requests with an Idempotency-Key, so that none is carried out twice: not after a lost
/// connection, by another process of the service, or after a restart. One SQLite file, readable by its owner
/// only, beside the repository's other local files.
class RepeatedRequests {
 public:
  /// How long an answer is kept.
  static constexpr Duration kept_for = std::chrono::hours(24);
  /// So many requests are kept, and bytes of answers; the oldest go first.
  static constexpr std::int64_t most_requests = 10'000;
  static constexpr std::int64_t most_bytes = std::int64_t{64} << 20;

  /// The clock must outlive it.
  RepeatedRequests(const std::filesystem::path& file, const Clock& clock);

  /// Takes the key of this request. An answer: it was carried out before, and this came of it. Nothing: the
  /// caller carries it out, and ends with finish() or forget(). Throws Refusal: 400 for something that is no
  /// key, 422 when the key was another request's, 409 while that one goes on or if it was cut off.
  std::optional<Response> begin(const Request& request);
  void finish(const Request& request, const Response& response);
  /// Nothing has happened: the same request may try again.
  void forget(const Request& request);

 private:
  void drop_old();

  store::Database database_;
  const Clock& clock_;
};

}  // namespace changeling::server::api
