#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace changeling::cli {

/// Commands by what one wants to do; help, the man page's index and docs go by it.
struct CommandSection {
  std::string_view title;
  std::vector<std::string_view> names;  ///< Of commands and groups, the first word alone.
};

/// Every command that people see is in exactly one; what programs call is in the last.
std::span<const CommandSection> command_sections();

/// The words that were typed, with those in the place of the command that other tools have too put as ours:
/// `help CMD` is `CMD --help`, `version` is `--version`, and `ls`, `rm` and `new` are list, remove and add.
std::vector<std::string> with_usual_words(std::vector<std::string> words);

}  // namespace changeling::cli
