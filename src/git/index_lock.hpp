#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace changeling::git {

/// git's lock on an index ("index.lock", lockfile.h of git), held by us, so that no other git command changes
/// the index meanwhile. The file holds a mark by which the lock of a killed process of ours is known.
class IndexLock {
 public:
  /// Waits a second for a git command that is about to end. Throws Error(Conflict) when somebody else holds
  /// it. A lock of ours is taken over: the caller sees to it that only one process of ours is at work here.
  explicit IndexLock(const std::filesystem::path& git_directory);
  IndexLock(IndexLock&& other) noexcept;
  IndexLock& operator=(IndexLock&&) = delete;
  ~IndexLock();

  /// Removes what a killed process of ours has left: its lock, and indexes in the making.
  static void remove_remains(const std::filesystem::path& git_directory);

  const std::filesystem::path& index() const { return index_; }
  /// Where a new index is prepared: beside the index, with its content at first.
  std::filesystem::path copy(const std::string& name) const;
  /// Puts what copy() has prepared in the place of the index, in one step.
  void replace_by(const std::filesystem::path& prepared) const;

 private:
  std::filesystem::path index_;  ///< Where a symbolic link leads, as git takes it.
  std::filesystem::path lock_;   ///< Empty: given away.
};

}  // namespace changeling::git
