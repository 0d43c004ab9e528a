#include "support/path_glob.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cctype>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace changeling {
namespace {

using Bytes = std::bitset<256>;

std::size_t index_of(char letter) {
  return static_cast<unsigned char>(letter);
}

/// One step of a pattern.
struct Step {
  enum class Kind {
    One,           ///< Exactly one byte of `allowed`.
    WithinFolder,  ///< `*`: any number of bytes of `allowed`, which is all but '/'.
    AnyDepth,      ///< `**`: any number of bytes.
    Folders,       ///< `**/`: nothing, or anything that ends in '/'.
  };
  Kind kind = Kind::One;
  Bytes allowed;
};

Bytes all_but_slash() {
  Bytes bytes;
  bytes.set();
  bytes.reset(index_of('/'));
  return bytes;
}

/// The bytes of a class such as "alpha"; nothing for a name that POSIX does not know.
std::optional<Bytes> named_class(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, int (*)(int)>, 12> classes{{
      {"alnum", std::isalnum},
      {"alpha", std::isalpha},
      {"blank", std::isblank},
      {"cntrl", std::iscntrl},
      {"digit", std::isdigit},
      {"graph", std::isgraph},
      {"lower", std::islower},
      {"print", std::isprint},
      {"punct", std::ispunct},
      {"space", std::isspace},
      {"upper", std::isupper},
      {"xdigit", std::isxdigit},
  }};
  for (const auto& [known, contains] : classes) {
    if (known != name) continue;
    Bytes bytes;
    // git's own tables know ASCII only, whatever the locale says.
    for (int byte = 0; byte < 128; ++byte) bytes.set(static_cast<std::size_t>(byte), contains(byte) != 0);
    return bytes;
  }
  return std::nullopt;
}

/// Takes "[…]" off the front of the pattern; nothing when it is not closed or not understood.
std::optional<Bytes> take_set(std::string_view& pattern) {
  std::size_t at = 1;
  const auto peek = [&](std::size_t ahead = 0) {
    return at + ahead < pattern.size() ? std::optional(pattern[at + ahead]) : std::nullopt;
  };
  const bool negated = peek() == '!' || peek() == '^';
  if (negated) ++at;
  Bytes bytes;
  std::optional<char> range_start;
  for (bool first = true; first || peek() != ']'; first = false) {
    if (!peek()) return std::nullopt;
    char letter = *peek();
    if (letter == '[' && peek(1) == ':') {
      const auto end = pattern.find(']', at + 2);
      if (end == std::string_view::npos) return std::nullopt;
      if (end > at + 2 && pattern[end - 1] == ':') {
        const auto named = named_class(pattern.substr(at + 2, end - at - 3));
        if (!named) return std::nullopt;
        bytes |= *named;
        range_start.reset();
        at = end + 1;
        continue;
      }
    } else if (letter == '-' && range_start && peek(1) && peek(1) != ']') {
      ++at;
      if (*peek() == '\\') ++at;
      if (!peek()) return std::nullopt;
      for (std::size_t byte = index_of(*range_start); byte <= index_of(*peek()); ++byte) bytes.set(byte);
      range_start.reset();
      ++at;
      continue;
    } else if (letter == '\\') {
      ++at;
      if (!peek()) return std::nullopt;
      letter = *peek();
    }
    bytes.set(index_of(letter));
    range_start = letter;
    ++at;
  }
  pattern.remove_prefix(at + 1);
  if (negated) bytes.flip();
  bytes.reset(index_of('/'));
  return bytes;
}

/// Nothing for a pattern that can match no path.
std::optional<std::vector<Step>> parse(std::string_view pattern) {
  std::vector<Step> steps;
  bool after_slash = true;
  while (!pattern.empty()) {
    const char letter = pattern.front();
    if (letter == '*') {
      const std::size_t stars = std::min(pattern.find_first_not_of('*'), pattern.size());
      pattern.remove_prefix(stars);
      const bool before_slash = pattern.starts_with('/');
      if (stars == 1 || !after_slash || !(pattern.empty() || before_slash || pattern.starts_with("\\/"))) {
        steps.push_back({Step::Kind::WithinFolder, all_but_slash()});
      } else if (before_slash) {
        pattern.remove_prefix(1);
        steps.push_back({Step::Kind::Folders, {}});
        continue;
      } else {
        steps.push_back({Step::Kind::AnyDepth, Bytes().set()});
      }
      after_slash = false;
      continue;
    }
    Step step;
    if (letter == '[') {
      const auto set = take_set(pattern);
      if (!set) return std::nullopt;
      step.allowed = *set;
      after_slash = false;
    } else if (letter == '?') {
      step.allowed = all_but_slash();
      pattern.remove_prefix(1);
      after_slash = false;
    } else {
      if (letter == '\\') pattern.remove_prefix(1);
      if (pattern.empty()) return std::nullopt;
      step.allowed.set(index_of(pattern.front()));
      after_slash = pattern.front() == '/';
      pattern.remove_prefix(1);
    }
    steps.push_back(step);
  }
  return steps;
}

bool matches(std::string_view pattern, std::string_view path) {
  const auto steps = parse(pattern);
  if (!steps) return false;
  // reached[n]: the part of the path read so far is matched by the first n steps.
  std::vector<bool> reached(steps->size() + 1);
  reached[0] = true;
  const auto skip_optional = [&](std::vector<bool>& places) {
    for (std::size_t step = 0; step < steps->size(); ++step) {
      if (places[step] && (*steps)[step].kind != Step::Kind::One) places[step + 1] = true;
    }
  };
  skip_optional(reached);
  // inside[n]: within the folders that step n has begun to swallow.
  std::vector<bool> inside(steps->size());
  for (const char letter : path) {
    std::vector<bool> next(steps->size() + 1);
    for (std::size_t number = 0; number < steps->size(); ++number) {
      const Step& step = (*steps)[number];
      if (step.kind == Step::Kind::Folders) {
        inside[number] = inside[number] || reached[number];
        if (inside[number] && letter == '/') next[number + 1] = true;
      } else if (reached[number] && step.allowed.test(index_of(letter))) {
        next[step.kind == Step::Kind::One ? number + 1 : number] = true;
      }
    }
    skip_optional(next);
    reached = std::move(next);
  }
  return reached[steps->size()];
}

}  // namespace

bool matches_path_glob(std::string_view pattern, std::string_view path) {
  if (pattern.starts_with("./")) pattern.remove_prefix(2);
  const bool anchored = pattern.find('/') != std::string_view::npos;
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  if (pattern.ends_with('/')) return matches(std::string(pattern) + "**", path);
  if (matches(pattern, path)) return true;
  if (anchored) return false;
  const auto slash = path.rfind('/');
  return slash != std::string_view::npos && matches(pattern, path.substr(slash + 1));
}

}  // namespace changeling
