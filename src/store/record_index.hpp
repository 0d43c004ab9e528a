#pragma once

#include <filesystem>
#include <functional>

#include "store/index_file.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// An SQLite file that answers questions about the records of one commit of the state: its tasks (TaskIndex),
/// its runs (RunIndex) and the local forge's pull requests (PullRequestIndex). Disposable: when it is
/// missing, damaged, of another version, or of a commit that is gone, it is built anew without being asked.
/// The ref is the only truth. Many processes share the file; readers never wait. Throws Error(Unavailable)
/// when another process keeps the file locked.
class RecordIndex {
 public:
  /// `file` is changelings/index.sqlite in the git common folder. Opens nothing yet. The store must outlive
  /// it.
  RecordIndex(const Store& store, std::filesystem::path file) : store_(store), file_(std::move(file)) {}
  RecordIndex(const RecordIndex&) = delete;
  RecordIndex& operator=(const RecordIndex&) = delete;

  /// Brings the index to the newest state, by the difference of the trees, and returns that state.
  Snapshot follow();
  /// Brings the index forward by what its caller has just written, if it stands right before that: `change`
  /// makes all the changes to the tables. Otherwise, and when the file cannot be written, it does nothing:
  /// the next follow() will.
  void advance(const Store::Written& written, const std::function<void(Database&)>& change);
  /// Throws everything away and follows the newest state.
  void rebuild();

  /// Runs `use` on the database. A damaged file is replaced and filled, and `use` runs once more; when the
  /// disk is full or fails, on a database in memory.
  template <typename Use>
  auto with_database(const Use& use) {
    for (int attempt = 1;; ++attempt) {
      try {
        if (attempt > 1) bring_forward(file_.database());
        return use(file_.database());
      } catch (const SqliteFailure& failure) {
        mend(failure, attempt);
      }
    }
  }

  const Store& store() const { return store_; }

 private:
  Snapshot bring_forward(Database& database) const;
  /// So that an empty index is there to try again with. Throws when trying again would not help.
  void mend(const SqliteFailure& failure, int attempt);
  [[noreturn]] void explain(const SqliteFailure& failure) const;

  const Store& store_;
  IndexFile file_;
};

}  // namespace changeling::store
