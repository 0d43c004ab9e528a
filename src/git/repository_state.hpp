#pragma once

#include <map>

#include "git/ask_git.hpp"
#include "git/configuration.hpp"
#include "git/fresh_objects.hpp"
#include "git/handles.hpp"
#include "git/raw_tree.hpp"
#include "git/repository.hpp"
#include "git/shared_umask.hpp"

namespace changeling::git {

/// What an open repository holds; only the .cpp files of Repository see it.
struct Repository::State {
  RepositoryHandle handle;
  std::filesystem::path common_directory;
  RepositoryPlace place;
  Environment environment;                     ///< That the repository was opened with.
  std::optional<AskGit> ask_git;               ///< Set while the repository is open, as the next one is.
  std::optional<Configuration> configuration;  ///< Refers to the two above.
  bool is_partial = false;
  std::optional<mode_t> shared_umask;            ///< For what is written here, see SharedUmask.
  mutable ObjectDatabaseHandle object_database;  ///< Filled by database().
  mutable std::optional<TreeCache> tree_cache;   ///< Filled by trees().

  mutable FreshObjects fresh_objects;

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
