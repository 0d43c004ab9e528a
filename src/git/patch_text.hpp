#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace changeling::git {

/// One line of a difference, without its line end.
struct PatchLine {
  enum class Kind { Context, Added, Deleted };

  Kind kind = Kind::Context;
  std::int64_t old_number = 0;  ///< Counted from 1; 0 where it is not in the old file.
  std::int64_t new_number = 0;  ///< The same for the new one.
  std::string text;
  bool is_cut = false;       ///< The text is only its beginning.
  bool has_line_end = true;  ///< The file ends without one.
};

/// Lines that belong together, with what is around them.
struct Hunk {
  std::int64_t old_start = 0;
  std::int64_t old_lines = 0;
  std::int64_t new_start = 0;
  std::int64_t new_lines = 0;
  std::string section;  ///< What git says stands above: a function's name, or "".
  std::vector<PatchLine> lines;
};

/// The difference of one file.
struct FilePatch {
  std::vector<Hunk> hunks;  ///< None for a binary file, and for one that has only moved.
  bool is_cut = false;      ///< There are more lines.
};

/// How much is kept.
struct PatchLimits {
  std::size_t lines_of_file = 2000;
  std::size_t lines = 20000;  ///< Of all files together.
  std::size_t bytes_of_line = 2000;
};

/// Reads a difference as git writes it (git-diff(1), "Generating patch text with -p"), a part for each file,
/// in their order. Pure; what is no such text gives no hunks.
std::vector<FilePatch> parse_patch(std::string_view text, const PatchLimits& limits);

}  // namespace changeling::git
