#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/message.hpp"
#include "support/clock.hpp"

namespace changeling::server {

/// Answers of the server itself to requests with an Idempotency-Key, in memory: what they hold is worth
/// nothing after `kept_for`, or after the server's end.
class RepeatedAnswers {
 public:
  explicit RepeatedAnswers(Duration kept_for) : kept_for_(kept_for) {}

  /// What came of the same request before; nothing for a request without a key, or with a new one. Throws
  /// api::Refusal: 400 for something that is no key, 422 when it was another request's.
  std::optional<Response> find(const Request& request, Timestamp now);
  /// Remembers it for a request with a key.
  void keep(const Request& request, const Response& response, Timestamp now);

 private:
  struct Kept {
    std::string key;
    std::string fingerprint;
    Timestamp made{};
    Response response;
  };

  Duration kept_for_;
  std::vector<Kept> kept_;  ///< Oldest first.
};

}  // namespace changeling::server
