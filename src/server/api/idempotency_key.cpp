#include "server/api/idempotency_key.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "server/api/call.hpp"
#include "support/sha256.hpp"

namespace changeling::server::api {
namespace {

constexpr std::size_t longest_key = 255;

}  // namespace

std::string key_of(const Request& request) {
  const std::string& key = request.headers.at("idempotency-key");
  const bool is_plain =
      std::all_of(key.begin(), key.end(), [](char letter) { return letter > ' ' && letter < '\x7f'; });
  if (key.empty() || key.size() > longest_key || !is_plain) {
    throw Refusal(400, ErrorKind::Usage, "Idempotency-Key: not 1 to 255 visible ASCII letters",
                  "a random UUID will do");
  }
  return sha256_hex(request.caller.user + "\n" + key);
}

std::string fingerprint_of(const Request& request) {
  return sha256_hex(fmt::format("{}\n{}\n{}", request.method, request.path, request.body));
}

void refuse_used_key() {
  throw Refusal(422, ErrorKind::Usage, "this Idempotency-Key was used for another request",
                "use a new key for each request");
}

}  // namespace changeling::server::api
