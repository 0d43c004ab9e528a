#pragma once

#include <cstdint>
#include <filesystem>

namespace changeling::run {

/// Which file lies at a path, and when it was written last: git replaces its index and never writes into it.
struct FileMark {
  std::uint64_t inode = 0;  ///< 0: there is none.
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  ///< Nobody can set this time.
  bool operator==(const FileMark&) const = default;
};
FileMark mark_of(const std::filesystem::path& file);

}  // namespace changeling::run
