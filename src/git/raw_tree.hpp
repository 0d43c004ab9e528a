#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/handles.hpp"
#include "git/repository.hpp"

namespace changeling::git {

/// One line of a tree object; the views point into the tree's bytes.
struct RawTreeEntry {
  std::string_view mode;  ///< Octal as git stores it: "100644", "40000".
  std::string_view name;
  git_oid id{};

  bool is_tree() const { return mode == "40000"; }
  bool is_file() const { return mode.starts_with("100"); }
  EntryKind kind() const {
    if (is_tree()) return EntryKind::Folder;
    if (is_file()) return EntryKind::File;
    return mode == "120000" ? EntryKind::Link : EntryKind::Submodule;
  }
};

/// The bytes of tree objects, of which the last few are kept: one operation reads the folders on a path again
/// and again, and the next one begins with those that the last one wrote.
class TreeCache {
 public:
  explicit TreeCache(git_odb* database) : database_(database) {}

  /// Throws Error(Git) when there is no such tree.
  std::shared_ptr<const std::string> read(const git_oid& id);
  void remember(const git_oid& id, std::string_view bytes);

 private:
  struct Entry {
    git_oid id{};
    std::shared_ptr<const std::string> bytes;
  };
  static constexpr std::size_t most_entries = 32;

  git_odb* database_;
  std::vector<Entry> entries_;
  std::size_t next_ = 0;  ///< The entry to be replaced.
};

/// A tree object's bytes, read without libgit2's own tree structures: editing one entry of a folder with
/// hundreds of them is copying the bytes around it.
class RawTree {
 public:
  /// Throws Error(Git) when there is no such tree or it is malformed.
  RawTree(TreeCache& cache, const git_oid& id);
  const std::vector<RawTreeEntry>& entries() const { return entries_; }

 private:
  std::shared_ptr<const std::string> bytes_;
  std::vector<RawTreeEntry> entries_;
};

/// git's order inside a tree: by bytes, a folder as if its name ended with '/'.
bool comes_before(const RawTreeEntry& one, const RawTreeEntry& two);

/// The entry at `path` below the tree, which stays valid as long as `holder`; nothing when there is none.
std::optional<RawTreeEntry> find_entry(TreeCache& cache, const git_oid& tree, std::string_view path,
                                       std::optional<RawTree>& holder);

/// Stores the bytes of a tree and returns its name.
using WriteTree = std::function<git_oid(std::string_view bytes)>;

/// See Repository::edit_tree. Nothing when no entry is left.
std::optional<git_oid> edit_raw_tree(TreeCache& cache, const git_oid& base,
                                     const std::map<std::string, FileEdit>& edits, const WriteTree& write);

}  // namespace changeling::git
