#include "project/places.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "support/error.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
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

/// Whether core.sharedRepository lets a group write (git-config(1)).
bool group_may_write(const std::string& setting) {
  const std::string value = to_lower(setting);
  for (const char* word : {"group", "true", "1", "yes", "on", "all", "world", "everybody", "2"}) {
    if (value == word) return true;
  }
  return value.starts_with('0') && (std::strtoul(value.c_str(), nullptr, 8) & S_IWGRP) != 0;
}

/// A folder that was made before the repository was shared, or in a `.git` without the group's bit, gets the
/// rights that files in it take over (files.hpp). Folders of runs stay their owners'.
void share_with_group(const fs::path& folder, bool deeper = true) {
  struct stat info {};
  constexpr mode_t shared = S_ISGID | 0070;
  if (::stat(folder.c_str(), &info) != 0 || info.st_uid != ::geteuid() || (info.st_mode & shared) == shared)
    return;
  ::chmod(folder.c_str(), S_ISGID | 0770);
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_symlink(ignored)) continue;
    if (entry.is_directory(ignored)) {
      if (deeper) share_with_group(entry.path(), entry.path().filename() != "runs");
    } else if (entry.is_regular_file(ignored)) {
      ::chmod(entry.path().c_str(), 0660);
    }
  }
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
  if (group_may_write(repository.config("core.sharedRepository").value_or("")))
    share_with_group(local_folder_);
}

fs::path Places::index_file() const {
  // SQLITE_MAX_PATHNAME is 512, with what SQLite puts behind the name.
  constexpr std::size_t longest = 480;
  fs::path file = local_folder_ / "index.sqlite";
  return file.native().size() <= longest ? file : fs::path(worktrees_.string() + ".sqlite");
}

std::vector<std::string> Places::local_runs() const {
  std::vector<std::string> ids;
  std::error_code missing;
  for (const fs::directory_entry& entry : fs::directory_iterator(local_folder_ / "runs", missing)) {
    // In a shared repository others have runs, too, which only they can look after.
    struct stat info {};
    if (::stat(entry.path().c_str(), &info) == 0 && info.st_uid == ::geteuid())
      ids.push_back(entry.path().filename().string());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace changeling::project
