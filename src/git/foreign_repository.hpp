#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "git/object_id.hpp"

namespace changeling::git {

/// What a repository says of itself whose files somebody else may have written: read as data. Nothing that
/// its configuration asks for happens, and no program starts.
struct ForeignRepository {
  std::filesystem::path git_directory;     ///< Canonical.
  std::filesystem::path common_directory;  ///< Another one for a linked work tree.
  std::optional<ObjectId> head;            ///< The commit that HEAD is at; nothing before the first.
  std::string branch;                      ///< "refs/heads/…"; empty when HEAD is detached.
  /// What every reference names that is not a symbolic one; tags as they are.
  std::map<std::string, ObjectId> references;

  /// Where the reference is; nothing when there is none.
  std::optional<ObjectId> target(const std::string& reference) const;
};

/// `git_entry` is a git directory or a file named .git that leads to one. Nothing when it is none, or is of a
/// kind that libgit2 cannot read.
std::optional<ForeignRepository> read_foreign_repository(const std::filesystem::path& git_entry);

/// Makes a git directory in `folder`, in the place of whatever is there, that shows what `repository` holds:
/// its objects by a link, its references, the end of its history and its stashes as copies. It has `config`
/// alone for its configuration, and is bare unless git is told of a work tree.
void make_view(const ForeignRepository& repository, const std::filesystem::path& folder,
               const std::string& config);

}  // namespace changeling::git
