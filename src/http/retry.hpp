#pragma once

#include <functional>
#include <optional>

#include "http/client.hpp"
#include "support/clock.hpp"

namespace changeling::http {

/// How long a request is repeated before its failure is reported.
struct RetryPolicy {
  int attempts = 4;                               ///< In all, the first one included.
  Duration total_wait = std::chrono::minutes(2);  ///< Sum of all waits of one request.
  Duration first_wait =
      std::chrono::seconds(1);          ///< Doubles with each failure, unless the server names a time.
  std::function<void(Duration)> sleep;  ///< Empty: the thread sleeps. May throw to give up.
};

/// Whether the server refused because of too many requests: 429, or 403 as GitHub sends it
/// (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
bool is_rate_limited(const http::HttpResponse& response);

/// What the server says about when to come back: `Retry-After` in seconds or as a date, else
/// `X-RateLimit-Reset` when nothing remains, else a minute for a secondary limit. Nothing for other answers.
/// Reset times are compared with the server's own `Date`, so that a wrong local clock does no harm.
std::optional<Duration> requested_wait(const http::HttpResponse& response, Timestamp now);

/// Repeats requests that met a rate limit, a 5xx answer or a broken connection. An answer that stays bad is
/// returned and an Error(Unavailable) that stays is thrown, when attempts or the waiting time are used up.
class RetryingSender {
 public:
  /// Looks whether an earlier attempt took effect, with one request; the answer that it found, or nothing.
  using Look = std::function<std::optional<http::HttpResponse>()>;

  RetryingSender(http::HttpClient& client, const Clock& clock, RetryPolicy policy);

  /// For requests that may be repeated without harm.
  http::HttpResponse send(const http::HttpRequest& request) const { return send(request, Look()); }

  /// For requests that must take effect once. After a failure in which the server may have acted (a broken
  /// connection, a 5xx answer), `look` is asked first; the request is only repeated when it found nothing.
  http::HttpResponse send(const http::HttpRequest& request, const Look& look) const;

 private:
  http::HttpClient& client_;
  const Clock& clock_;
  RetryPolicy policy_;
};

}  // namespace changeling::http
