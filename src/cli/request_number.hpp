#pragma once

#include <cstdint>
#include <string>

#include "cli/context.hpp"
#include "cli/syntax.hpp"

namespace changeling::cli {

/// The pull request that a command is about; the only open one is meant when none is named.
struct RequestNumber {
  std::int64_t given = 0;

  /// The object must live as long as `syntax` is used.
  void declare(Syntax& syntax);
  std::int64_t of(Context& context) const;
};

/// The same before a word that the command needs: with one word alone that is meant.
struct RequestAndWord {
  std::string first;
  std::string second;

  /// `name`, `value_name` and `help` are the word's.
  void declare(Syntax& syntax, const std::string& name, const std::string& value_name,
               const std::string& help);
  std::int64_t number(Context& context) const;
  /// Throws Error(Usage), asking `question`, when only a number was given.
  const std::string& word(const std::string& question) const;
};

}  // namespace changeling::cli
