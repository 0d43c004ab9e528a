#include "server/answer_headers.hpp"

#include <algorithm>

namespace changeling::server {
namespace {

constexpr std::string_view policy_of_data = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
constexpr std::string_view policy_of_pages =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

bool is_control(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return (byte < 0x20 && letter != '\t') || byte == 0x7f;
}

bool is_of_cors(const std::string& name) {
  return name.starts_with("access-control-");
}

}  // namespace

void add_answer_headers(Response& response) {
  Headers& headers = response.headers;
  std::erase_if(headers, [](const auto& header) { return is_of_cors(header.first); });
  for (auto& [name, value] : headers) std::erase_if(value, is_control);
  std::erase_if(response.content_type, is_control);
  const bool is_page = response.content_type.starts_with("text/html");
  headers.insert_or_assign("content-security-policy",
                           std::string(is_page ? policy_of_pages : policy_of_data));
  headers.insert_or_assign("x-content-type-options", "nosniff");
  headers.insert_or_assign("referrer-policy", "no-referrer");
  headers.insert_or_assign("x-frame-options", "DENY");
  headers.insert_or_assign("cross-origin-opener-policy", "same-origin");
  headers.insert_or_assign("cross-origin-resource-policy", "same-origin");
  headers.try_emplace("cache-control", "no-store");
}

}  // namespace changeling::server
