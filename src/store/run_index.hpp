#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/damaged.hpp"
#include "store/run_history.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// The place of a run among all of them, newest first.
struct RunPosition {
  Timestamp started_at{};
  std::string id;
};

/// What a listing of runs asks for. Empty members do not restrict; all that are given must hold.
struct RunQuery {
  std::string changeling;
  std::optional<Outcome> outcome;
  /// Only those whose record says that they go on, and that cannot be true at this time (is_presumed_dead).
  std::optional<Timestamp> lost_at;
  bool failed = false;  ///< Only those that have ended without success.
  std::string trigger;
  std::optional<Timestamp> since;    ///< Started at this time or later.
  std::optional<Timestamp> until;    ///< Started before.
  std::string text;                  ///< Words, or beginnings of words, of summary and error; all of them.
  std::string task;                  ///< Full id of the task that was worked on.
  std::optional<RunPosition> after;  ///< Only what comes behind this place, whether a run is there or not.
  std::size_t limit = 30;            ///< 0: all.
  std::size_t offset = 0;
};

class RecordIndex;
struct Sql;

/// Questions about the runs of one commit of the state, answered by the record index, see there. What needs
/// whole records reads them in the repository: a handful each time.
class RunIndex : public RunHistory {
 public:
  /// `file` is changelings/index.sqlite in the git common folder. Opens nothing yet. The store must outlive
  /// it.
  RunIndex(const Store& store, std::filesystem::path file);
  /// The same, of a file that is open already.
  explicit RunIndex(std::shared_ptr<RecordIndex> base);

  /// Brings the index to the newest state, see RecordIndex, and returns that state. Everything else answers
  /// for the state of the last follow() or for a newer one.
  Snapshot follow();

  std::vector<RunRecord> open() const override;
  std::optional<RunRecord> newest(const std::string& changeling) const override;
  FailureRow failures_in_a_row(const std::string& changeling) const override;
  Spending spending(Timestamp since, const std::optional<std::string>& changeling) const override;
  double dearest(const std::string& changeling, std::size_t count) const override;
  std::optional<RunRecord> run_for_time(const std::string& changeling, Timestamp scheduled) const override;
  std::vector<RunRecord> around_schedule(const std::string& changeling, Timestamp since) const override;
  std::vector<FinishedRun> last_finished(const std::string& changeling, std::size_t count) const override;
  std::vector<RunRecord> of_task(const std::string& task) const override;
  std::vector<RunRecord> of_requests(const std::vector<std::int64_t>& numbers,
                                     const std::vector<std::string>& branches) const override;
  std::vector<std::int64_t> requests_noted_open(const std::string& changeling) const override;
  std::vector<std::int64_t> requests_of_changes(const std::vector<std::string>& patch_ids) const override;
  bool has_targets(const std::string& changeling) const override;
  std::vector<TargetTry> target_tries(const std::string& changeling, Timestamp since,
                                      const std::vector<std::int64_t>& requests) const override;

  /// The run with this id, or with the only one that begins so, as git abbreviates commits; when there is
  /// none, one from the archive (run_archive.hpp). Throws
  /// Error(NotFound), Error(Usage) when several do, or damaged_error.
  RunRecord find(const std::string& prefix) const;
  /// One page of the runs that a listing asks for.
  std::vector<RunRecord> page(const RunQuery& query) const;
  /// Of all pages, whatever `after` says.
  std::size_t count(const RunQuery& query) const;
  /// Names of all changelings that have run, sorted.
  std::vector<std::string> changelings() const;
  /// The files below runs/ that cannot be read as runs.
  DamagedRecords unreadable() const;

 private:
  /// The first column.
  std::vector<std::string> texts(const Sql& sql) const;
  /// The records of rows that begin with a blob.
  std::vector<RunRecord> records(const Sql& sql) const;
  std::optional<RunRecord> first(const Sql& sql) const;

  std::shared_ptr<RecordIndex> base_;
  std::optional<Snapshot> followed_;  ///< What the last follow() returned.
  /// Answers of spending() since then: each changeling of a repository is judged by the same sums.
  mutable std::map<std::pair<Timestamp, std::string>, Spending> spent_;
};

}  // namespace changeling::store
