#include "run/protected_change.hpp"

#include "changeling/protected_paths.hpp"

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

}  // namespace changeling::run
