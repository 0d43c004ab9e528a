#include "server/api/cursor.hpp"

#include "support/sha256.hpp"

namespace changeling::server::api {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t mark_length = 16;

std::string to_hex(std::string_view text) {
  std::string hex;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    hex += digits[byte >> 4U];
    hex += digits[byte & 15U];
  }
  return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string text;
  for (std::size_t index = 0; index < hex.size(); index += 2) {
    const auto high = digits.find(hex[index]);
    const auto low = digits.find(hex[index + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    text += static_cast<char>(high * 16 + low);
  }
  return text;
}

/// Stands for the place together with everything that decides what a listing shows and in which order.
std::string mark_of(const Call& call, const std::string& place) {
  std::string text = std::string(call.route.operation) + "\n" + place;
  for (const auto& [name, value] : call.request.query) {
    if (name != "cursor" && name != "limit" && name != "view") text += "\n" + name + "=" + value;
  }
  return sha256_hex(text).substr(0, mark_length);
}

[[noreturn]] void refuse() {
  throw Refusal(400, ErrorKind::Usage, "cursor: not one of this listing",
                "take next_cursor of the page before, with the same conditions; or begin without one");
}

}  // namespace

std::string make_cursor(const Call& call, const Json& place) {
  const std::string text = place.dump();
  return mark_of(call, text) + to_hex(text);
}

Json read_cursor(const Call& call) {
  const std::string word = call.text("cursor");
  if (word.empty()) {
    if (call.request.query.contains("cursor")) refuse();
    return nullptr;
  }
  if (word.size() <= mark_length) refuse();
  const auto text = from_hex(std::string_view(word).substr(mark_length));
  if (!text || mark_of(call, *text) != word.substr(0, mark_length)) refuse();
  return parse_json(*text, "cursor");
}

}  // namespace changeling::server::api
