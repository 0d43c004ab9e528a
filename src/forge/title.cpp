#include "forge/title.hpp"

#include "support/sha256.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr std::size_t title_limit = 250;  ///< GitHub refuses more than 256 characters.
constexpr std::size_t mark_length = 12;   ///< Nobody gains anything by a collision.

}  // namespace

std::string fitting_title(std::string_view title) {
  const std::string line = without_controls(valid_utf8(title));
  std::size_t characters = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool starts_character = (static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80U;
    if (starts_character && ++characters > title_limit) return line.substr(0, at) + "…";
  }
  return line;
}

std::string text_mark(std::string_view text) {
  std::string plain(trim(text));
  std::erase(plain, '\r');
  return sha256_hex(plain).substr(0, mark_length);
}

std::string title_mark(std::string_view title) {
  return text_mark(fitting_title(title));
}

}  // namespace changeling::forge
