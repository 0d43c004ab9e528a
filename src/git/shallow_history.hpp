#pragma once

#include <optional>
#include <set>
#include <vector>

#include "git/handles.hpp"
#include "git/object_id.hpp"

namespace changeling::git {

/// The history of a shallow clone, in which the commits that the file `shallow` lists have no parents here
/// (gitrepository-layout(5)). libgit2 1.5 does not know that file and fails at the first parent that is
/// missing, so these walks are our own. They visit everything that is reachable, which in a shallow clone is
/// little.
class ShallowHistory {
 public:
  /// Reads the boundary as it is now. `repository` must outlive this object.
  explicit ShallowHistory(git_repository* repository);

  bool is_ancestor(const ObjectId& ancestor, const ObjectId& descendant) const;
  /// The newest of the best common ancestors; nothing when there is none on this side of the boundary.
  std::optional<ObjectId> merge_base(const ObjectId& one, const ObjectId& two) const;
  /// Children before parents, otherwise newest first.
  std::vector<ObjectId> from(const ObjectId& tip) const;

 private:
  std::vector<ObjectId> parents(const ObjectId& commit) const;
  std::set<ObjectId> reachable(const ObjectId& tip) const;
  git_time_t time(const ObjectId& commit) const;
  CommitHandle lookup(const ObjectId& commit) const;

  git_repository* repository_;
  std::set<ObjectId> boundary_;
};

}  // namespace changeling::git
