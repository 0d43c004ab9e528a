#include "run/special_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <vector>

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

bool can_be_read(const fs::file_status& status) {
  return !fs::exists(status) || fs::is_regular_file(status) || fs::is_directory(status);
}

bool is_within_git_folder(const fs::path& relative) {
  return std::find(relative.begin(), relative.end(), ".git") != relative.end();
}

bool keeps_readers_waiting(const fs::directory_entry& entry, const fs::path& room) {
  std::error_code ignored;
  const bool is_gits = is_within_git_folder(entry.path().lexically_relative(room));
  if (entry.is_symlink(ignored)) return is_gits && !can_be_read(fs::status(entry.path(), ignored));
  const bool is_named_by_git = entry.path().filename().string().starts_with(".git");
  return (is_gits || is_named_by_git) && !can_be_read(entry.symlink_status(ignored));
}

}  // namespace

std::optional<std::string> remove_special_files(const fs::path& room) {
  std::error_code problem;
  std::vector<fs::path> found;
  fs::path last = room;
  bool is_too_long = false;
  for (fs::recursive_directory_iterator entry(room, fs::directory_options::skip_permission_denied, problem),
       end;
       !problem && entry != end; entry.increment(problem)) {
    last = entry->path();
    // git sees nothing there.
    is_too_long = last.native().size() >= PATH_MAX;
    if (is_too_long) break;
    if (keeps_readers_waiting(*entry, room)) found.push_back(last);
  }
  std::error_code ignored;
  for (const fs::path& path : found) fs::remove(path, ignored);
  if (is_too_long)
    return fmt::format("a path below {}… is longer than git can read", last.string().substr(0, 200));
  if (!problem) return std::nullopt;
  return fmt::format("what lies below {} cannot be read: {}", last.string().substr(0, 200),
                     problem.message());
}

}  // namespace changeling::run
