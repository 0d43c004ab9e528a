#include "http/retry.hpp"

#include <charconv>
#include <ctime>
#include <exception>
#include <thread>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::http {
namespace {

/// What GitHub asks for when it names no time for a secondary limit.
constexpr Duration secondary_limit_wait = std::chrono::minutes(1);

std::optional<std::string> header(const http::HttpResponse& response, const std::string& name) {
  const auto found = response.headers.find(name);
  return found == response.headers.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// A date as HTTP writes it (RFC 9110, 5.6.7): "Fri, 20 Nov 2026 05:18:05 GMT".
std::optional<Timestamp> http_date(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return Timestamp(std::chrono::seconds(timegm(&parts)));
}

bool nothing_remains(const http::HttpResponse& response) {
  return header(response, "x-ratelimit-remaining") == "0";
}

bool names_secondary_limit(const http::HttpResponse& response) {
  return to_lower(response.body).find("secondary rate limit") != std::string::npos;
}

bool may_have_acted(const http::HttpResponse& response) {
  return response.status >= 500;
}

bool worth_repeating(const http::HttpResponse& response) {
  switch (response.status) {
    case 500:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return is_rate_limited(response);
  }
}

}  // namespace

bool is_rate_limited(const http::HttpResponse& response) {
  if (response.status == 429) return true;
  return response.status == 403 &&
         (header(response, "retry-after") || nothing_remains(response) || names_secondary_limit(response));
}

std::optional<Duration> requested_wait(const http::HttpResponse& response, Timestamp now) {
  if (const auto date = header(response, "date")) now = http_date(*date).value_or(now);
  const auto until = [&](Timestamp time) { return std::max(Duration(0), Duration(time - now)); };
  if (const auto value = header(response, "retry-after")) {
    if (const auto seconds = whole_number(*value)) return std::chrono::seconds(*seconds);
    if (const auto date = http_date(*value)) return until(*date);
  }
  if (!is_rate_limited(response)) return std::nullopt;
  if (nothing_remains(response)) {
    if (const auto reset = header(response, "x-ratelimit-reset")) {
      // A second more: the reset time is cut to whole seconds.
      if (const auto seconds = whole_number(*reset)) {
        return until(Timestamp(std::chrono::seconds(*seconds))) + std::chrono::seconds(1);
      }
    }
  }
  return secondary_limit_wait;
}

RetryingSender::RetryingSender(http::HttpClient& client, const Clock& clock, RetryPolicy policy)
    : client_(client), clock_(clock), policy_(std::move(policy)) {
  if (!policy_.sleep) policy_.sleep = [](Duration duration) { std::this_thread::sleep_for(duration); };
}

http::HttpResponse RetryingSender::send(const http::HttpRequest& request, const Look& look) const {
  Duration waited(0);
  Duration next_wait = policy_.first_wait;
  bool must_look = false;
  for (int attempt = 1;; ++attempt) {
    std::optional<http::HttpResponse> answer;
    std::exception_ptr failure;
    try {
      if (must_look && look) {
        if (auto found = look()) return *std::move(found);
      }
      answer = client_.send(request);
      if (!worth_repeating(*answer)) return *std::move(answer);
      must_look = must_look || may_have_acted(*answer);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Unavailable) throw;
      failure = std::current_exception();
      must_look = true;
    }
    const Duration wait = (answer ? requested_wait(*answer, clock_.now()) : std::nullopt).value_or(next_wait);
    if (attempt >= policy_.attempts || waited + wait > policy_.total_wait) {
      if (failure) std::rethrow_exception(failure);
      return *std::move(answer);
    }
    policy_.sleep(wait);
    waited += wait;
    next_wait *= 2;
  }
}

}  // namespace changeling::http
