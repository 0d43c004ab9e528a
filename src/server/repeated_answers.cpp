#include "server/repeated_answers.hpp"

#include "server/api/idempotency_key.hpp"

namespace changeling::server {
namespace {

constexpr std::size_t most_kept = 100;

bool has_key(const Request& request) {
  return request.headers.contains("idempotency-key");
}

}  // namespace

std::optional<Response> RepeatedAnswers::find(const Request& request, Timestamp now) {
  std::erase_if(kept_, [&](const Kept& one) { return now - one.made >= kept_for_; });
  if (!has_key(request)) return std::nullopt;
  const std::string key = api::key_of(request);
  for (const Kept& one : kept_) {
    if (one.key != key) continue;
    if (one.fingerprint != api::fingerprint_of(request)) api::refuse_used_key();
    Response response = one.response;
    response.headers["idempotency-replayed"] = "true";
    return response;
  }
  return std::nullopt;
}

void RepeatedAnswers::keep(const Request& request, const Response& response, Timestamp now) {
  if (!has_key(request)) return;
  if (kept_.size() >= most_kept) kept_.erase(kept_.begin());
  kept_.push_back({api::key_of(request), api::fingerprint_of(request), now, response});
}

}  // namespace changeling::server
