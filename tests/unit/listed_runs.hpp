#pragma once

#include <algorithm>
#include <set>
#include <utility>

#include "store/run_history.hpp"

namespace changeling::testing {

/// The questions about runs, answered the slow way from a list of all of them.
class ListedRuns : public store::RunHistory {
 public:
  /// As given: newest first, where a test cares.
  ListedRuns(std::vector<store::RunRecord> runs = {}) : runs_(std::move(runs)) {}

  std::vector<store::RunRecord> open() const override {
    return where([](const auto& run) { return run.status == store::RunStatus::Running; });
  }
  std::optional<store::RunRecord> newest(const std::string& changeling) const override {
    return first(where([&](const auto& run) { return run.changeling == changeling; }));
  }
  store::FailureRow failures_in_a_row(const std::string& changeling) const override {
    store::FailureRow row;
    for (const store::RunRecord& run : own(changeling)) {
      if (run.outcome && is_success(*run.outcome)) break;
      if (is_failure(run) && ++row.failures == 1) row.newest_end = run.ended_at.value_or(run.started_at);
    }
    return row;
  }
  store::Spending spending(Timestamp since, const std::optional<std::string>& changeling) const override {
    store::Spending sum;
    for (const store::RunRecord& run : runs_) {
      if (run.started_at < since || (changeling && run.changeling != *changeling)) continue;
      sum.told += run.cost_usd.value_or(0);
      sum.counted += counted_cost(run);
    }
    return sum;
  }
  double dearest(const std::string& changeling, std::size_t count) const override {
    double most = 0;
    for (const store::RunRecord& run : runs_) {
      if (run.changeling != changeling || !run.cost_usd) continue;
      if (count-- == 0) break;
      most = std::max(most, *run.cost_usd);
    }
    return most;
  }
  std::optional<store::RunRecord> run_for_time(const std::string& changeling,
                                               Timestamp scheduled) const override {
    for (const store::RunRecord& run : own(changeling)) {
      if (run.scheduled_for && *run.scheduled_for >= scheduled) return run;
    }
    return std::nullopt;
  }
  std::vector<store::RunRecord> around_schedule(const std::string& changeling,
                                                Timestamp since) const override {
    std::optional<Timestamp> latest;
    for (const store::RunRecord& run : own(changeling)) latest = std::max(latest, run.scheduled_for);
    const Timestamp start = std::max(since, latest.value_or(since));
    return where([&](const store::RunRecord& run) {
      if (run.changeling != changeling || !run.task.empty()) return false;
      return run.status == store::RunStatus::Running || (latest && run.scheduled_for == latest) ||
             (run.ended_at && *run.ended_at > start);
    });
  }
  std::vector<store::FinishedRun> last_finished(const std::string& changeling,
                                                std::size_t count) const override {
    std::vector<store::FinishedRun> finished;
    for (const store::RunRecord& run : own(changeling)) {
      if (run.status == store::RunStatus::Finished && finished.size() < count)
        finished.push_back({run.duration, run.cost_usd});
    }
    return finished;
  }
  std::vector<store::RunRecord> of_task(const std::string& task) const override {
    return where([&](const auto& run) { return run.task == task; });
  }
  std::vector<store::RunRecord> of_requests(const std::vector<std::int64_t>& numbers,
                                            const std::vector<std::string>& branches) const override {
    return where([&](const store::RunRecord& run) {
      const bool by_number =
          run.pull_request && std::count(numbers.begin(), numbers.end(), run.pull_request->number) > 0;
      return by_number || std::any_of(branches.begin(), branches.end(), [&](const std::string& branch) {
               return branch == run.branch || branch.ends_with("/" + run.id);
             });
    });
  }
  std::vector<std::int64_t> requests_noted_open(const std::string& changeling) const override {
    std::vector<std::int64_t> numbers;
    for (const store::RunRecord& run : runs_) {
      if (run.changeling != changeling || !run.pull_request || run.pull_request->state != "open") continue;
      if (std::count(numbers.begin(), numbers.end(), run.pull_request->number) == 0)
        numbers.push_back(run.pull_request->number);
    }
    return numbers;
  }
  std::vector<std::int64_t> requests_of_changes(const std::vector<std::string>& patch_ids) const override {
    std::set<std::int64_t> numbers;
    for (const store::RunRecord& run : runs_) {
      if (run.pull_request && !run.patch_id.empty() &&
          std::count(patch_ids.begin(), patch_ids.end(), run.patch_id) > 0)
        numbers.insert(run.pull_request->number);
    }
    return {numbers.begin(), numbers.end()};
  }
  bool has_targets(const std::string& changeling) const override {
    const auto runs = own(changeling);
    return std::any_of(runs.begin(), runs.end(), [](const auto& run) { return !run.target.empty(); });
  }
  std::vector<store::TargetTry> target_tries(const std::string& changeling, Timestamp since,
                                             const std::vector<std::int64_t>& requests) const override {
    std::set<std::string> targets;
    for (const store::RunRecord& run : own(changeling)) {
      const bool asked =
          run.pull_request && std::count(requests.begin(), requests.end(), run.pull_request->number) > 0;
      if (asked || run.ended_at.value_or(run.started_at) >= since) targets.insert(run.target);
    }
    std::vector<store::TargetTry> tries;
    for (const store::RunRecord& run : own(changeling)) {
      if (run.target.empty() || !targets.contains(run.target)) continue;
      store::TargetTry made{run.target, run.ended_at.value_or(run.started_at), std::nullopt, false};
      if (run.status == store::RunStatus::Finished) {
        if (run.pull_request) made.pull_request = run.pull_request->number;
        made.failed = is_failure(run);
      }
      tries.push_back(std::move(made));
    }
    return tries;
  }

 private:
  template <typename Wanted>
  std::vector<store::RunRecord> where(const Wanted& wanted) const {
    std::vector<store::RunRecord> found;
    std::copy_if(runs_.begin(), runs_.end(), std::back_inserter(found), wanted);
    return found;
  }
  std::vector<store::RunRecord> own(const std::string& changeling) const {
    return where([&](const auto& run) { return run.changeling == changeling && run.task.empty(); });
  }
  static std::optional<store::RunRecord> first(std::vector<store::RunRecord> runs) {
    return runs.empty() ? std::nullopt : std::optional(std::move(runs.front()));
  }

  std::vector<store::RunRecord> runs_;
};

}  // namespace changeling::testing
