#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/damaged.hpp"
#include "store/pull_request_record.hpp"
#include "store/store.hpp"

namespace changeling::store {

class RecordIndex;
struct Sql;

/// Questions about the local forge's pull requests of one commit of the state, answered by the record index,
/// see there. What needs whole records reads those that are asked for in the repository.
class PullRequestIndex {
 public:
  /// `file` is changelings/index.sqlite in the git common folder. Opens nothing yet. The store must outlive
  /// it.
  PullRequestIndex(const Store& store, std::filesystem::path file);
  /// The same, of a file that is open already.
  explicit PullRequestIndex(std::shared_ptr<RecordIndex> base);

  /// Brings the index to the newest state, see RecordIndex, and returns that state. Everything else answers
  /// for the state of the last follow() or for a newer one.
  Snapshot follow();

  /// By number.
  std::vector<PullRequestRecord> open(const OpenRequestQuery& query = {}) const;
  /// Merged and closed ones, the highest numbers first.
  std::vector<PullRequestRecord> newest_ended(std::size_t limit) const;
  /// Those of the numbers that there are.
  std::map<std::int64_t, PullRequestState> states(const std::vector<std::int64_t>& numbers) const;
  /// Patch ids of the closed ones of a changeling, each once.
  std::vector<std::string> rejected_patch_ids(const std::string& changeling) const;
  /// One more than the highest, counting records that cannot be read.
  std::int64_t next_number() const;
  /// The files below pulls/ that cannot be read as pull requests.
  DamagedRecords unreadable() const;

 private:
  /// Of rows (number, blob).
  std::vector<PullRequestRecord> records(const Sql& sql) const;

  std::shared_ptr<RecordIndex> base_;
  std::optional<Snapshot> followed_;  ///< What the last follow() returned.
};

}  // namespace changeling::store
