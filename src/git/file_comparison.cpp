#include "git/file_comparison.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace changeling::git {
namespace {

namespace fs = std::filesystem;

bool may_be_executed(const fs::file_status& status) {
  return (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
}

/// Whether `wanted` begins with all that is in `file`.
bool is_beginning(const fs::path& file, const fs::path& wanted) {
  std::ifstream one(file, std::ios::binary);
  std::ifstream two(wanted, std::ios::binary);
  if (!one || !two) return false;
  std::array<char, 65536> left{};
  std::array<char, 65536> right{};
  while (one.read(left.data(), left.size()), one.gcount() > 0) {
    two.read(right.data(), one.gcount());
    if (two.gcount() != one.gcount()) return false;
    if (!std::equal(left.begin(), left.begin() + one.gcount(), right.begin())) return false;
  }
  return one.eof();
}

}  // namespace

FileComparison compare_files(const fs::path& file, const fs::path& wanted) {
  const fs::file_status here = fs::symlink_status(file);
  const fs::file_status there = fs::symlink_status(wanted);
  if (!fs::exists(here)) return fs::exists(there) ? FileComparison::Missing : FileComparison::BothMissing;
  if (here.type() != there.type()) return FileComparison::Different;
  if (fs::is_symlink(here)) {
    return fs::read_symlink(file) == fs::read_symlink(wanted) ? FileComparison::Same
                                                              : FileComparison::Different;
  }
  if (!fs::is_regular_file(here) || may_be_executed(here) != may_be_executed(there) ||
      !is_beginning(file, wanted)) {
    return FileComparison::Different;
  }
  return fs::file_size(file) == fs::file_size(wanted) ? FileComparison::Same : FileComparison::Beginning;
}

bool lies_beyond_folders(const fs::path& folder, const fs::path& path) {
  fs::path place = folder;
  for (const fs::path& part : path.parent_path()) {
    place /= part;
    const fs::file_status status = fs::symlink_status(place);
    if (!fs::exists(status)) return false;
    if (!fs::is_directory(status)) return true;
  }
  return false;
}

}  // namespace changeling::git
