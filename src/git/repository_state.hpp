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

  git_repository* raw() const { return handle.get(); }
  CommitHandle lookup_commit(const ObjectId& id) const;
  TreeHandle lookup_tree(const ObjectId& id) const;
  /// The tree of a commit.
  TreeHandle commit_tree(const ObjectId& commit) const;
};

}  // namespace changeling::git
