#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "store/sqlite.hpp"

namespace changeling::store {

/// A statement and what is bound to it, in order.
struct Sql {
  std::string text;
  std::vector<std::variant<std::int64_t, std::string>> values;

  void append(const Sql& other);
  /// Binds the values; they must outlive the statement's run.
  Statement prepare(Database& database) const;
};

/// The conditions joined by AND; "1" without any.
Sql all_of(const std::vector<Sql>& conditions);

/// What FTS5 is to match for a search in the user's words: every word as the beginning of one, quoted so that
/// nothing in it is an operator. Empty when there is no word.
std::string match_expression(const std::string& text);

}  // namespace changeling::store
