#include "support/text.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <numeric>

#include "support/characters.hpp"
#include "support/error.hpp"
#include "support/visible_text.hpp"

namespace changeling {
namespace {

/// Restricted Damerau-Levenshtein distance: insert, delete, replace, swap of neighbours cost one each.
std::size_t edit_distance(std::string_view one, std::string_view two) {
  std::vector<std::size_t> before_last(two.size() + 1);
  std::vector<std::size_t> last(two.size() + 1);
  std::vector<std::size_t> current(two.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t row = 1; row <= one.size(); ++row) {
    current[0] = row;
    for (std::size_t column = 1; column <= two.size(); ++column) {
      const std::size_t replace = last[column - 1] + (one[row - 1] == two[column - 1] ? 0 : 1);
      current[column] = std::min({replace, last[column] + 1, current[column - 1] + 1});
      if (row > 1 && column > 1 && one[row - 1] == two[column - 2] && one[row - 2] == two[column - 1]) {
        current[column] = std::min(current[column], before_last[column - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(current);
  }
  return last[two.size()];
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string> split_lines(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return {};
  return split(text, '\n');
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) joined += separator;
    joined += part;
  }
  return joined;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  // One letter, or none, resembles everything.
  if (word.size() < 2) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const bool unfinished = word.size() >= 3 && candidate.starts_with(word);
    const std::size_t distance = unfinished ? 1 : edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string expand_placeholders(std::string_view text,
                                const std::vector<std::pair<std::string, std::string>>& values) {
  std::string expanded;
  while (!text.empty()) {
    bool replaced = false;
    if (text.front() == '{') {
      for (const auto& [name, value] : values) {
        if (text.size() >= name.size() + 2 && text.substr(1, name.size()) == name &&
            text[name.size() + 1] == '}') {
          expanded += value;
          text.remove_prefix(name.size() + 2);
          replaced = true;
          break;
        }
      }
    }
    if (!replaced) {
      expanded += text.front();
      text.remove_prefix(1);
    }
  }
  return expanded;
}

std::string last_part(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  std::string_view part = text.substr(text.size() - limit);
  if (text[text.size() - limit - 1] == '\n') return std::string(part);
  if (const auto newline = part.find('\n'); newline != std::string_view::npos && newline + 1 < part.size()) {
    part.remove_prefix(newline + 1);
  } else {
    while (!part.empty() && (static_cast<unsigned char>(part.front()) & 0xC0) == 0x80) part.remove_prefix(1);
  }
  return std::string(part);
}

std::size_t whole_characters(std::string_view text) {
  constexpr std::size_t longest = 4;
  for (std::size_t back = 1; back < longest && back <= text.size(); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xC0U) == 0x80U) continue;
    const std::size_t announced = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
    return announced > back ? text.size() - back : text.size();
  }
  return text.size();
}

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = first_character(text).length;
    valid += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return valid;
}

std::string without_controls(std::string_view text) {
  return shown_as_text(text, LineEnds::Spaces);
}

std::string first_letters(std::string text, std::size_t most) {
  std::size_t letters = 0;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const bool begins_letter = (static_cast<unsigned char>(text[place]) & 0xC0) != 0x80;
    if (begins_letter && letters++ == most) return text.substr(0, place) + "…";
  }
  return text;
}

std::string shortened(std::string_view value, std::size_t most) {
  return first_letters(without_controls(valid_utf8(value)), most);
}

std::string random_id(std::size_t length) {
  // 30 letters; bytes of 240 and more are thrown away so that each letter is equally likely.
  constexpr std::string_view alphabet = "23456789abcdefghjkmnpqrstvwxyz";
  static_assert(alphabet.size() == 30);
  std::string id;
  while (id.size() < length) {
    unsigned char bytes[32];
    const ssize_t count = ::getrandom(bytes, sizeof bytes, 0);
    if (count < 0 && errno != EINTR) throw Error(ErrorKind::Io, "the system gave no random numbers");
    for (ssize_t index = 0; index < count && id.size() < length; ++index) {
      if (bytes[index] < 240) id += alphabet[bytes[index] % alphabet.size()];
    }
  }
  return id;
}

}  // namespace changeling
