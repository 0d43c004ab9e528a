#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "support/error.hpp"

namespace changeling {

// Closed lists of words are tables whose rows have at least a `word` and a `sentence` of what it means,
// without a full stop. Help, completions, docs and hints are made from them.

template <typename Table>
std::vector<std::string> words_of(const Table& table) {
  std::vector<std::string> words;
  for (const auto& row : table) words.emplace_back(row.word);
  return words;
}

/// "queue|beads|github", as help shows what is allowed.
template <typename Table>
std::string words_in_help(const Table& table) {
  std::string text;
  for (const auto& row : table) text += (text.empty() ? "" : "|") + std::string(row.word);
  return text;
}

/// The row of a word, or null.
template <typename Table>
auto find_word(const Table& table, std::string_view word) -> decltype(&*table.begin()) {
  for (const auto& row : table) {
    if (row.word == word) return &row;
  }
  return nullptr;
}

/// Whether each row stands where the value of its `member`, an enum, says: then the row of a value is found
/// without a search.
template <typename Table, typename Member>
constexpr bool stands_in_order(const Table& table, Member member) {
  for (std::size_t place = 0; place < table.size(); ++place) {
    if (static_cast<std::size_t>(table[place].*member) != place) return false;
  }
  return true;
}

/// "option --source: "gihub" is not allowed; allowed are …", with the nearest word as its hint. `what` is
/// what the word was given for, or empty.
Error not_allowed(ErrorKind kind, std::string_view what, std::string_view word,
                  const std::vector<std::string>& allowed);

}  // namespace changeling
