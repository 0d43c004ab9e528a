#include "run/copied_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "support/error.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

/// Copies a file, link or folder. A symbolic link that is there already belongs to the base commit and could
/// lead out of the worktree, so nothing is written through it. What is neither is left out: a socket or a
/// FIFO means nothing in another place.
void copy_entry(const fs::path& from, const fs::path& to) {
  const fs::file_status kind = fs::symlink_status(from);
  const fs::file_status there = fs::symlink_status(to);
  if (fs::is_symlink(there)) {
    throw Error(ErrorKind::Refused, fmt::format("copy: {} is a symbolic link in the branch", to.string()));
  }
  if (fs::is_symlink(kind)) {
    if (!fs::exists(there)) fs::copy_symlink(from, to);
  } else if (fs::is_directory(kind)) {
    fs::create_directories(to);
    for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
      copy_entry(entry.path(), to / entry.path().filename());
    }
  } else if (fs::is_regular_file(kind)) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
  }
}

}  // namespace

std::string ignore_pattern(const std::string& path) {
  std::string pattern = "/";
  for (const char letter : fs::path(path).lexically_normal().string()) {
    if (std::string_view("*?[]\\!# ").find(letter) != std::string_view::npos) pattern += '\\';
    pattern += letter;
  }
  return pattern;
}

void copy_files(const fs::path& work_tree, const fs::path& room, const std::vector<std::string>& paths) {
  for (const std::string& name : paths) {
    const fs::path relative = fs::path(name).lexically_normal();
    if (relative.is_absolute() || relative.empty() || *relative.begin() == ".." || *relative.begin() == "." ||
        *relative.begin() == ".git") {
      throw Error(ErrorKind::Refused, fmt::format("copy: '{}' is not inside the work tree", name));
    }
    try {
      const fs::path from = work_tree / relative;
      const fs::path to = room / relative;
      if (!fs::exists(from)) continue;
      // A symbolic link in the base commit must not lead the copy out of the worktree.
      fs::create_directories(to.parent_path());
      const fs::path real = fs::canonical(to.parent_path());
      const fs::path root = fs::canonical(room);
      if (std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first != root.end()) {
        throw Error(ErrorKind::Refused, fmt::format("copy: '{}' leads out of the worktree", name));
      }
      copy_entry(from, to);
    } catch (const fs::filesystem_error& error) {
      throw Error(ErrorKind::Io, fmt::format("copy: '{}': {}", name, error.what()));
    }
  }
}

}  // namespace changeling::run
