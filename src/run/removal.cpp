#include "run/removal.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

void make_removable(const fs::path& path) {
  std::error_code ignored;
  fs::permissions(path, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow, ignored);
  for (fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, ignored),
       end;
       !ignored && entry != end; entry.increment(ignored)) {
    if (entry->is_directory(ignored) && !entry->is_symlink(ignored)) {
      fs::permissions(entry->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
    }
  }
}

}  // namespace

std::error_code remove_tree(const fs::path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) return error;
  make_removable(path);
  fs::remove_all(path, error);
  return error;
}

}  // namespace changeling::run
