#include "changeling/toml_depth.hpp"

#include <algorithm>

namespace changeling {
namespace {

/// The length of the string that the text begins with, with its quotes; of one without an end, all of it.
std::size_t string_length(std::string_view text) {
  const char quote = text.front();
  const bool is_long = text.size() >= 3 && text[1] == quote && text[2] == quote;
  const std::size_t width = is_long ? 3 : 1;
  for (std::size_t place = width; place < text.size(); ++place) {
    if (text[place] == '\\' && quote == '"') {
      ++place;
    } else if (!is_long && text[place] == '\n') {
      return place;
    } else if (text[place] == quote &&
               (!is_long || text.substr(place, 3) == std::string_view(text.data(), 3))) {
      return place + width;
    }
  }
  return text.size();
}

}  // namespace

std::size_t toml_depth(std::string_view text) {
  std::size_t open = 0;
  std::size_t dots = 0;  // Of the line so far; numbers have one at most.
  std::size_t deepest = 0;
  while (!text.empty()) {
    const char letter = text.front();
    std::size_t length = 1;
    if (letter == '"' || letter == '\'') {
      length = string_length(text);
    } else if (letter == '#') {
      length = std::min(text.find('\n'), text.size());
    } else if (letter == '\n' || letter == '=' || letter == ',') {
      dots = 0;
    } else if (letter == '.') {
      ++dots;
    } else if (letter == '[' || letter == '{') {
      ++open;
    } else if ((letter == ']' || letter == '}') && open > 0) {
      --open;
    }
    deepest = std::max(deepest, open + dots);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return deepest;
}

}  // namespace changeling
