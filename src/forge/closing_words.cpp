#include "forge/closing_words.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr std::array<std::string_view, 16> closing_words{
    "closing",   "closes",   "closed",   "close",   "fixing",       "fixes",      "fixed",       "fix",
    "resolving", "resolves", "resolved", "resolve", "implementing", "implements", "implemented", "implement"};
/// How '#' may be written so that it is shown as one.
constexpr std::array<std::string_view, 6> number_signs{"#", "\\#", "&#35;", "&#x23;", "&#X23;", "&num;"};

bool is_word_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && to_lower(text.substr(0, word.size())) == word;
}

std::size_t count_while(std::string_view text, const auto& wanted) {
  const auto end = std::find_if_not(text.begin(), text.end(), wanted);
  return static_cast<std::size_t>(end - text.begin());
}

/// The length of a closing word at the start of `text`, or 0.
std::size_t closing_word(std::string_view text) {
  for (const std::string_view word : closing_words) {
    if (starts_with_word(text, word) && (text.size() == word.size() || !is_word_letter(text[word.size()])))
      return word.size();
  }
  return 0;
}

/// What may stand between the word and the reference, or between two references: space, marks of Markdown,
/// and the words that GitLab allows.
std::size_t filler(std::string_view text) {
  std::size_t length = 0;
  for (;;) {
    const std::string_view rest = text.substr(length);
    const std::size_t marks = count_while(rest, [](char letter) {
      return std::string_view(" \t\r\n:*_~[(<,").find(letter) != std::string_view::npos;
    });
    std::size_t word = 0;
    for (const std::string_view allowed : {"issues", "issue", "and"}) {
      if (word == 0 && starts_with_word(rest.substr(marks), allowed)) word = allowed.size();
    }
    if (marks + word == 0 || (word > 0 && marks == 0 && length > 0)) return length + marks;
    length += marks + word;
  }
}

/// A reference at the start of a text: how long it is, and what is written instead.
struct Reference {
  std::size_t length = 0;
  std::string plain;
};

std::optional<Reference> number_reference(std::string_view text) {
  for (const std::string_view sign : number_signs) {
    if (!text.starts_with(sign)) continue;
    const std::size_t digits = count_while(text.substr(sign.size()), is_digit);
    if (digits > 0)
      return Reference{sign.size() + digits, "no. " + std::string(text.substr(sign.size(), digits))};
  }
  constexpr std::string_view short_form = "gh-";
  if (!starts_with_word(text, short_form)) return std::nullopt;
  const std::size_t digits = count_while(text.substr(short_form.size()), is_digit);
  if (digits == 0) return std::nullopt;
  return Reference{short_form.size() + digits, "no. " + std::string(text.substr(short_form.size(), digits))};
}

/// "owner/name#12", with any depth of groups.
std::optional<Reference> foreign_reference(std::string_view text) {
  const std::size_t path = count_while(text, [](char letter) {
    return is_word_letter(letter) || letter == '-' || letter == '.' || letter == '/';
  });
  if (path == 0) return std::nullopt;
  const auto number = number_reference(text.substr(path));
  if (!number) return std::nullopt;
  return Reference{path + number->length, std::string(text.substr(0, path)) + " " + number->plain};
}

std::optional<Reference> address_reference(std::string_view text) {
  if (!starts_with_word(text, "http://") && !starts_with_word(text, "https://")) return std::nullopt;
  const std::size_t length = count_while(text, [](char letter) {
    return std::isspace(static_cast<unsigned char>(letter)) == 0 && letter != '>' && letter != ')';
  });
  return Reference{length, "what is at " + std::string(text.substr(0, length))};
}

std::optional<Reference> reference(std::string_view text) {
  if (auto found = address_reference(text)) return found;
  if (auto found = number_reference(text)) return found;
  return foreign_reference(text);
}

/// Whether the line says nothing but "Fixes #12".
bool is_own_line(std::string_view line) {
  line = trim(line);
  const std::size_t word = closing_word(line);
  if (word == 0) return false;
  line = trim(line.substr(word));
  if (line.starts_with(':')) line = trim(line.substr(1));
  if (line.ends_with('.')) line.remove_suffix(1);
  return line.size() > 1 && line.front() == '#' && count_while(line.substr(1), is_digit) == line.size() - 1;
}

std::string rewritten(std::string_view text) {
  std::string result;
  std::size_t at = 0;
  while (at < text.size()) {
    const bool at_word = at == 0 || !is_word_letter(text[at - 1]);
    const std::size_t word = at_word ? closing_word(text.substr(at)) : 0;
    if (word == 0) {
      result += text[at++];
      continue;
    }
    result += text.substr(at, word);
    at += word;
    for (;;) {
      const std::size_t between = filler(text.substr(at));
      const auto found = between == 0 ? std::nullopt : reference(text.substr(at + between));
      if (!found) break;
      result += text.substr(at, between);
      result += found->plain;
      at += between + found->length;
    }
  }
  return result;
}

}  // namespace

std::string without_closing_words(std::string_view text, ClosingWords allowed) {
  if (allowed == ClosingWords::Nobodys) return rewritten(text);
  std::size_t start = 0;
  while (start < text.size()) {
    const auto end = std::min(text.find('\n', start), text.size());
    // The line itself stays; what is before and behind it is looked at without it.
    if (is_own_line(text.substr(start, end - start)))
      return rewritten(text.substr(0, start)) + std::string(text.substr(start, end - start)) +
             rewritten(text.substr(end));
    start = end + 1;
  }
  return rewritten(text);
}

}  // namespace changeling::forge
