#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "git/object_id.hpp"

namespace changeling::forge {

/// Which commits were looked for in which base in vain, as this clone remembers: what two commits have in
/// common never changes, and to find it out takes several git programs for each open request. A file of this
/// clone, `changelings/unmerged`, a pair a line; without it, or where it cannot be written, everything is
/// looked at anew.
class UnmergedPairs {
 public:
  explicit UnmergedPairs(const std::filesystem::path& common_directory);
  UnmergedPairs(const UnmergedPairs&) = delete;
  UnmergedPairs& operator=(const UnmergedPairs&) = delete;
  /// Writes what was added, in one go.
  ~UnmergedPairs();

  bool contain(const git::ObjectId& head, const git::ObjectId& base) const;
  void add(const git::ObjectId& head, const git::ObjectId& base);

 private:
  std::filesystem::path file_;
  std::set<std::string> pairs_;  ///< "HEAD BASE"
  bool is_changed_ = false;
};

}  // namespace changeling::forge
