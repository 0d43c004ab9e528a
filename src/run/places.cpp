#include "run/places.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/user_folders.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// Without a home, as in containers and under cron, next to the other local files.
fs::path default_worktree_root(const Environment& environment, const fs::path& local_folder) {
  if (const auto state = find_user_folder(environment, UserFolder::State)) return *state / "worktrees";
  return local_folder / "worktrees";
}

/// FNV-1a of the repository's path: tells two repositories of one name apart, nothing more.
std::string path_hash(const std::string& path) {
  std::uint32_t hash = 2166136261U;
  for (const char letter : path) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  return fmt::format("{:08x}", hash);
}

}  // namespace

Places::Places(const git::Repository& repository, const Environment& environment,
               const std::string& worktree_root)
    : local_folder_(repository.common_directory() / "changelings") {
  fs::path root =
      worktree_root.empty() ? default_worktree_root(environment, local_folder_) : fs::path(worktree_root);
  if (!root.is_absolute()) {
    throw Error(ErrorKind::Invalid,
                fmt::format("changeling.worktreeRoot: '{}' is not an absolute path", worktree_root));
  }
  worktrees_ = root / fmt::format("{}-{}", repository.display_name(),
                                  path_hash(repository.common_directory().string()));
}

std::vector<std::string> Places::local_runs() const {
  std::vector<std::string> ids;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(local_folder_ / "runs", missing)) {
    ids.push_back(entry.path().filename().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace changeling::run
