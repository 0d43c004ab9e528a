#include "git/moved_line.hpp"

#include <limits>
#include <string>

#include "git/patch_text.hpp"
#include "git/text_diff.hpp"

namespace changeling::git {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
/// Only the numbers are asked for.
constexpr PatchLimits whole_patch{all, all, 1};

std::optional<std::int64_t> line_in(const Hunk& hunk, std::int64_t line) {
  for (const PatchLine& candidate : hunk.lines) {
    if (candidate.old_number != line) continue;
    return candidate.kind == PatchLine::Kind::Context ? std::optional(candidate.new_number) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> moved_line(std::string_view before, std::string_view after, std::int64_t line) {
  const auto patch = parse_patch("diff --git a b\n" + text_diff(before, after), whole_patch);
  std::int64_t shift = 0;
  for (const Hunk& hunk : patch.front().hunks) {
    // Where a hunk takes no old line, the one that it names stays before it.
    const std::int64_t first = hunk.old_lines == 0 ? hunk.old_start + 1 : hunk.old_start;
    if (line < first) break;
    if (line < first + hunk.old_lines) return line_in(hunk, line);
    shift += hunk.new_lines - hunk.old_lines;
  }
  return line + shift;
}

}  // namespace changeling::git
