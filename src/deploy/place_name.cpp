#include "deploy/place_name.hpp"

#include <algorithm>

#include "support/sha256.hpp"

namespace changeling::deploy {
namespace {

bool fits(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
}

}  // namespace

std::string place_name(std::string_view name, std::size_t limit) {
  constexpr std::size_t digest_length = 8;
  std::string text(name);
  if (text.size() <= limit && std::all_of(text.begin(), text.end(), fits)) return text;
  std::replace_if(
      text.begin(), text.end(), [](char letter) { return !fits(letter); }, '-');
  text.resize(std::min(text.size(), limit - digest_length - 1));
  return text + "-" + sha256_hex(name).substr(0, digest_length);
}

}  // namespace changeling::deploy
