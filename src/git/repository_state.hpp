#pragma once

#include <map>

#include "git/handles.hpp"
#include "git/raw_tree.hpp"
#include "git/repository.hpp"

namespace changeling::git {

/// What an open repository holds; only the .cpp files of Repository see it.
struct Repository::State {
  RepositoryHandle handle;
  std::filesystem::path common_directory;
  std::vector<std::pair<std::string, std::string>> configuration_overrides;  ///< In the order given.
  mutable ObjectDatabaseHandle object_database;                              ///< Filled by database().
  mutable std::optional<TreeCache> tree_cache;                               ///< Filled by trees().

  git_repository* raw() const { return handle.get(); }
  CommitHandle lookup_commit(const ObjectId& id) const;
  TreeHandle lookup_tree(const ObjectId& id) const;
  /// The tree of a commit.
  TreeHandle commit_tree(const ObjectId& commit) const;
  /// The object database; libgit2 keeps it as long as the repository is open.
  git_odb* database() const;
  TreeCache& trees() const;
  /// Writes a loose object, see loose_object.hpp.
  git_oid write_object(git_object_t type, std::string_view content) const;
};

}  // namespace changeling::git
