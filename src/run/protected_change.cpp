#include "run/protected_change.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/protected_paths.hpp"
#include "support/path_glob.hpp"
#include "support/text.hpp"

namespace changeling::run {

std::optional<std::string> protected_change(const std::vector<git::FileChange>& changes,
                                            const std::vector<std::string>& globs) {
  std::vector<std::string> paths;
  for (const git::FileChange& change : changes) {
    paths.push_back(change.path);
    if (change.old_path != change.path) paths.push_back(change.old_path);
  }
  const auto found = unnamed_protected_paths(paths, globs);
  return found.empty() ? std::nullopt : std::optional(protected_paths_problem(found));
}

std::optional<std::string> change_outside(const std::vector<git::FileChange>& changes,
                                          const std::vector<std::string>& globs) {
  if (globs.empty()) return std::nullopt;
  const auto outside = [&](const std::string& path) {
    return std::none_of(globs.begin(), globs.end(),
                        [&](const std::string& glob) { return matches_path_glob(glob, path); });
  };
  for (const git::FileChange& change : changes) {
    if (outside(change.path) || outside(change.old_path))
      return fmt::format("changed {}, which is outside its paths ({})", change.path, join(globs, ", "));
  }
  return std::nullopt;
}

}  // namespace changeling::run
