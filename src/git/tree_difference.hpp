#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/object_id.hpp"
#include "git/program.hpp"

namespace changeling::git {

/// What lies at a path of a tree or an index: git's octal mode and the object's name. Both empty: nothing.
struct Entry {
  std::string mode;
  std::string object;

  bool exists() const { return !mode.empty(); }
  bool is_submodule() const { return mode == "160000"; }
  bool operator==(const Entry&) const = default;
};

struct EntryChange {
  std::string path;
  Entry before;
  Entry after;
};

/// Every path that differs between two commits; a rename is two of them.
std::vector<EntryChange> tree_difference(const GitProgram& git, const ObjectId& from, const ObjectId& to);

/// An entry of an index with what git has been told about its file.
struct IndexEntry {
  Entry entry;
  bool unmerged = false;
  bool hides_changes = false;  ///< Marked assume-unchanged or skip-worktree.
};
/// Everything in the index that `git` uses, by path.
using IndexEntries = std::unordered_map<std::string, IndexEntry>;
IndexEntries index_entries(const GitProgram& git);

}  // namespace changeling::git
