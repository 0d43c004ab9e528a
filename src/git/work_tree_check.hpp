#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "git/index_lock.hpp"
#include "git/tree_difference.hpp"
#include "git/work_tree.hpp"

namespace changeling::git {

/// What a work tree is to become.
struct WorkTreeTarget {
  ObjectId commit;
  std::vector<EntryChange> changes;  ///< From the commit that is checked out now.
  /// An update to the target's files was killed here: its remains are no changes of the user's.
  bool was_begun = false;
};

/// Why a file keeps a work tree from being updated.
struct FileInTheWay {
  enum class Reason { Changed, Staged, Unmerged, Untracked, Hidden };
  std::string path;
  Reason reason = Reason::Changed;
};

/// What stands in the way of an update, and what is done already.
struct WorkTreeCheck {
  std::vector<FileInTheWay> in_the_way;  ///< Sorted by path. Empty: nothing would be lost.
  std::vector<std::string> written;      ///< Files that hold what the target brings, unknown to the index.
  /// Files that a killed update has written, begun to write or removed: they may be removed, and go back to
  /// what they were.
  std::vector<std::string> remains;
  std::vector<std::string> absent;     ///< Files that the update makes, where there is nothing now.
  std::vector<std::string> unchanged;  ///< Files as the index has them, that the update changes.
};

/// Compares the work tree and its index with what an update would write. Writes only beside the index.
WorkTreeCheck check_work_tree(const GitProgram& git, const WorkTree& tree,
                              const std::filesystem::path& common_directory, const IndexLock& lock,
                              const WorkTreeTarget& target);

/// Throws Error(Conflict) that names the files, by what is to be done with them.
[[noreturn]] void refuse_to_lose(const std::vector<FileInTheWay>& files);

}  // namespace changeling::git
