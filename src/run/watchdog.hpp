#pragma once

#include <chrono>
#include <string>

#include "run/launcher.hpp"

namespace changeling::run {

/// Decides when an agent has had enough. Pure: the caller brings the time, which must be monotonic, so that
/// neither a suspended machine nor a corrected clock ends an agent.
///
/// While the agent is at work the time limit and the silence limit count; once it rests, only the grace: an
/// agent that has delivered and has nothing going on any more is no longer too slow, it just has to go.
class Watchdog {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Limits {
    Duration time{};                ///< Zero: none.
    Duration silence{};             ///< Zero: none.
    Duration grace_after_result{};  ///< Zero: the agent is ended as soon as its result is there.
  };

  Watchdog(const Limits& limits, TimePoint start);

  /// The agent got somewhere. Retries of a request that fails again and again are no activity.
  void note_activity(TimePoint now);
  /// The agent has delivered a result and has nothing going on. Said again, it is still the first time that
  /// counts.
  void note_rest(TimePoint now);
  /// It is at work: a result is not there yet, or it goes on after one, with a message that had come
  /// meanwhile or with something in the background. After a rest the limits count again.
  void note_work(TimePoint now);

  /// Itself while the agent may go on.
  EndedBy judge(TimePoint now) const;
  /// When judge can next give another answer, if nothing happens; TimePoint::max() for never.
  TimePoint next_deadline() const;

 private:
  TimePoint time_limit_ = TimePoint::max();
  TimePoint silence_limit_ = TimePoint::max();
  TimePoint grace_limit_ = TimePoint::max();
  Limits limits_;
};

Watchdog::Limits limits_of(const LaunchRequest& request);

/// One sentence for people, such as "ended after the time limit of 15m"; empty for Itself.
std::string describe(EndedBy ended_by, const Watchdog::Limits& limits);

}  // namespace changeling::run
