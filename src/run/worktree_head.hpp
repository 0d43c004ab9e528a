#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "git/repository.hpp"

namespace changeling::run {

/// What the file HEAD of a worktree says, in the two shapes that gitrepository-layout(5) names: a branch, or
/// a commit. Where it has another shape, or a branch is a symbolic reference itself, only git can tell.
struct WorktreeHead {
  std::string branch;                   ///< "refs/heads/…"; empty when HEAD is detached.
  std::optional<git::ObjectId> commit;  ///< Nothing for a branch without one.
};

/// `administration` is <common>/worktrees/ID. Nothing where git has to be asked.
std::optional<WorktreeHead> read_worktree_head(const git::Repository& repository,
                                               const std::filesystem::path& administration);

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
