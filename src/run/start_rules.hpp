#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "changeling/definition.hpp"
#include "git/repository.hpp"
#include "project/places.hpp"
#include "project/start_limits.hpp"
#include "run/start_triggers.hpp"
#include "store/run_history.hpp"
#include "store/store.hpp"

namespace changeling::run {

/// Under which terms a run may begin.
struct StartTerms {
  OverlapPolicy overlap = OverlapPolicy::Skip;
  double daily_budget_usd = 0;  ///< The changeling's own cap for a day; 0: none.
  /// Not without asking the remote, where there is one to share with: another machine may have done it.
  bool only_published = false;
};

/// What a start is judged by.
struct StartGround {
  const git::Repository& repository;
  const project::Places& places;
  const project::StartLimits& limits;
  const store::Snapshot& snapshot;
  const store::RunHistory& runs;  ///< Of the snapshot's state or a newer one.
  Timestamp now;
};

/// Why no run like `record` may begin now, whatever it is for: everything is switched off, a cap would be
/// broken, the same work waits in the outbox, or, for a start without a person, the changeling pauses after
/// failures. Nothing when it may.
std::optional<std::string> find_barrier(const StartGround& ground, const store::RunRecord& record,
                                        double daily_budget_usd);

/// When that barrier ends by itself: with the pause, at the midnight or on the first of the month that gives
/// the caps room again. Nothing when somebody has to do something, as where a run may cost more than its cap.
std::optional<Timestamp> barrier_end(const StartGround& ground, const store::RunRecord& record,
                                     double daily_budget_usd);

/// Why `record` must not begin: a barrier, or the time of the schedule that it is for has been run.
/// Overlapping runs are not looked at here.
std::optional<std::string> refuse_start(const StartGround& ground, const store::RunRecord& record,
                                        const StartTerms& terms);

}  // namespace changeling::run
