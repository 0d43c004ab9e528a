#pragma once

#include <optional>
#include <string>
#include <variant>

#include "project/services.hpp"
#include "run/observer.hpp"
#include "run/start_rules.hpp"
#include "store/lease_watch.hpp"
#include "store/run_record.hpp"
#include "support/files.hpp"

namespace changeling::run {

/// The run was not started; a sentence says why.
struct Skipped {
  std::string reason;
};

/// A run that this process leads: its record says "running", and its lock file is held until destruction.
class LiveRun {
 public:
  /// Writes the record, if the rules of start_rules.hpp and the overlap policy allow another run of the
  /// changeling, or of the task that it works on, now. With `Queue` it waits for the running one to end; with
  /// `Replace` it takes over that run's lease, which makes it stop.
  static std::variant<LiveRun, Skipped> begin(const project::Services& services, const Observer& observer,
                                              store::RunRecord record, const StartTerms& terms);

  /// Leads a run whose record says that it is under way, or that it waits for an outage to end, and that
  /// nobody leads here: one that was begun elsewhere. Throws Error(Conflict) when somebody does.
  static LiveRun adopt(const project::Services& services, store::RunRecord record);

  store::RunRecord& record() { return record_; }
  const project::RunFiles& files() const { return files_; }

  /// Whether another run had the lease already when this one was adopted.
  bool is_taken_over() const { return record_.lease.owner != record_.id; }
  /// Whether the record on the ref still names this run's lease. Cheap while the ref does not move.
  bool holds_lease(const project::Services& services);
  /// The record here says how the run ended, and when; nobody else learns of it.
  void end(Timestamp now);
  /// Writes the finished record. Without the lease the outcome becomes lost-lease, unless a pull request was
  /// opened before it was lost.
  void finish(const project::Services& services);
  /// The record stays as it is: the run is carried out elsewhere, and nothing of it is here.
  void leave(const project::Services& services);
  /// The record that others know stays as it is, and what is here of the run is history: the rest is done
  /// elsewhere.
  void let_go(const project::Services& services);

 private:
  LiveRun(store::RunRecord record, project::RunFiles files, FileLock lock)
      : record_(std::move(record)), files_(std::move(files)), lock_(std::move(lock)) {}

  store::RunRecord record_;
  project::RunFiles files_;
  std::optional<FileLock> lock_;
  std::optional<git::ObjectId> checked_tip_;  ///< The state commit at which the lease was last seen valid.
};

}  // namespace changeling::run
