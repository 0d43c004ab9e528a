#include "run/refused_path.hpp"

#include <fmt/format.h>

#include "run/output_tail.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

constexpr std::size_t shown_error = 500;  ///< Bytes.

}  // namespace

std::optional<std::string> refused_path(std::string_view error) {
  constexpr std::string_view before = "invalid path '";
  const auto found = error.find(before);
  if (found == std::string_view::npos) return std::nullopt;
  const std::string_view rest = error.substr(found + before.size());
  const auto end = rest.find("'\n");  // A name may hold a quote.
  const auto last = end == std::string_view::npos ? rest.rfind('\'') : end;
  if (last == std::string_view::npos || last == 0) return std::nullopt;
  return std::string(rest.substr(0, last));
}

std::string why_git_failed(std::string_view command, const std::filesystem::path& worktree,
                           std::string_view error) {
  if (const auto path = refused_path(error)) {
    return fmt::format(
        "git takes no file called '{}', which other systems would take for a part of .git; the agent left it "
        "in {}: "
        "rename or remove it there, or tell the agent to give it another name",
        *path, worktree.string());
  }
  return fmt::format("git {} failed in the worktree {}: {}", command, worktree.string(),
                     trim(last_part(error, shown_error)));
}

}  // namespace changeling::run
