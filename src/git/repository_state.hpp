#pragma once

#include <map>

#include "git/handles.hpp"
#include "git/repository.hpp"

namespace changeling::git {

/// What an open repository holds; only the .cpp files of Repository see it.
struct Repository::State {
  RepositoryHandle handle;
  std::filesystem::path common_directory;
  std::vector<std::pair<std::string, std::string>> configuration_overrides;  ///< In the order given.
  mutable ObjectDatabaseHandle object_database;                              ///< Filled by database().

  git_repository* raw() const { return handle.get(); }
  CommitHandle lookup_commit(const ObjectId& id) const;
  TreeHandle lookup_tree(const ObjectId& id) const;
  /// The tree of a commit.
  TreeHandle commit_tree(const ObjectId& commit) const;
  /// The object database; libgit2 keeps it as long as the repository is open.
  git_odb* database() const;
};

}  // namespace changeling::git
