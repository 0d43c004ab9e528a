#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/run_record.hpp"

namespace changeling::store {

/// How often a changeling has failed since its newest success; what says nothing about it (see is_failure)
/// neither counts nor ends the row.
struct FailureRow {
  std::size_t failures = 0;
  Timestamp newest_end{};  ///< Of the newest failure.
};

/// In US dollars.
struct Spending {
  double told = 0;     ///< What the agents have told.
  double counted = 0;  ///< See counted_cost().
};

/// What a finished run has taken, as far as it is known.
struct FinishedRun {
  std::optional<Duration> duration;
  std::optional<double> cost_usd;
};

/// A run that chose a target.
struct TargetTry {
  std::string target;
  Timestamp ended{};                         ///< When it began while it goes on.
  std::optional<std::int64_t> pull_request;  ///< Of a finished run.
  bool failed = false;
};

/// Questions about runs, answered from all records of the state that can be read. Lists are newest first (by
/// start, then id). "Own" runs of a changeling are those without a task: a role may share its name.
class RunHistory {
 public:
  virtual ~RunHistory() = default;

  /// Runs whose record says that they go on.
  virtual std::vector<RunRecord> open() const = 0;
  /// The newest of a changeling, with those of tasks.
  virtual std::optional<RunRecord> newest(const std::string& changeling) const = 0;
  /// Of own runs.
  virtual FailureRow failures_in_a_row(const std::string& changeling) const = 0;
  /// Of the runs that have started since; of all changelings, or of one.
  virtual Spending spending(Timestamp since, const std::optional<std::string>& changeling) const = 0;
  /// The most that one of the newest `count` runs that told their cost has cost; 0 without any.
  virtual double dearest(const std::string& changeling, std::size_t count) const = 0;
  /// The newest own run for this time of the schedule or a later one.
  virtual std::optional<RunRecord> run_for_time(const std::string& changeling, Timestamp scheduled) const = 0;
  /// The own runs that tell what has come of the times of a schedule after `since`: the one for the latest
  /// time, and those that go on, or have ended after `since` and that time.
  virtual std::vector<RunRecord> around_schedule(const std::string& changeling, Timestamp since) const = 0;
  /// The newest finished own runs, at most `count`.
  virtual std::vector<FinishedRun> last_finished(const std::string& changeling, std::size_t count) const = 0;
  /// All that have worked on a task.
  virtual std::vector<RunRecord> of_task(const std::string& task) const = 0;
  /// Runs that have noted one of the pull requests, or that worked on one of the branches: by their record,
  /// or by their id at its end, for one that was killed has not noted it.
  virtual std::vector<RunRecord> of_requests(const std::vector<std::int64_t>& numbers,
                                             const std::vector<std::string>& branches) const = 0;
  /// Pull requests that runs of the changeling have noted as open, each once, newest first.
  virtual std::vector<std::int64_t> requests_noted_open(const std::string& changeling) const = 0;
  /// Pull requests of the runs that made one of these changes.
  virtual std::vector<std::int64_t> requests_of_changes(const std::vector<std::string>& patch_ids) const = 0;
  /// Whether an own run has chosen a target.
  virtual bool has_targets(const std::string& changeling) const = 0;
  /// All own runs with the targets that one has chosen which ended at `since` or later or has noted one of
  /// the pull requests.
  virtual std::vector<TargetTry> target_tries(const std::string& changeling, Timestamp since,
                                              const std::vector<std::int64_t>& requests) const = 0;
};

}  // namespace changeling::store
