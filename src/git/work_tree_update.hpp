#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "git/index_lock.hpp"
#include "git/object_id.hpp"
#include "git/work_tree_check.hpp"

namespace changeling::git {

/// Brings index and files of a work tree from the commit that it has checked out to another, by the git
/// program
/// (`read-tree -m -u`), with its filters, sparse checkout and all. git's lock on the index is held meanwhile.
/// HEAD stays: move its branch between write() and finish(). Only one process may do this in a repository.
///
/// A kill at any point leaves what the next update from the same commit finishes; the index changes in one
/// step, after the files.
class WorkTreeUpdate {
 public:
  /// Takes the lock and looks what would be lost; nothing of the user's is changed. Throws Error(Conflict).
  WorkTreeUpdate(const GitProgram& git, WorkTree tree, std::filesystem::path common_directory, ObjectId from,
                 const ObjectId& to);

  /// Throws Error(External) with git's words when git cannot write a file, with everything as before.
  void write();
  /// After write(): back to how it was, when the branch could not be moved.
  void take_back();
  /// The branch has moved.
  void finish();

  /// Submodules that have another commit afterwards. Their files are not touched.
  std::vector<std::string> submodules() const;

  /// The file that stays where an update was killed, if it is there. During an update it is there, too.
  static std::optional<std::filesystem::path> journal(const WorkTree& tree);
  /// Removes the lock and other files of an update that was killed after all was done.
  static void remove_remains(const WorkTree& tree);

 private:
  void read_trees(const GitProgram& git, const ObjectId& from, const ObjectId& to) const;
  void keep_files() const;
  void put_kept_files_back() const;
  void stage_written(const GitProgram& git) const;
  /// Every file as it was before write() failed; those that git could not bring back.
  std::vector<std::string> restore() const;

  GitProgram git_;
  WorkTree tree_;
  std::filesystem::path common_directory_;
  ObjectId from_;
  IndexLock lock_;
  WorkTreeTarget target_;
  WorkTreeCheck check_;
};

}  // namespace changeling::git
