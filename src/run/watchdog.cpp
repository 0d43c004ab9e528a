#include "run/watchdog.hpp"

#include <fmt/format.h>

namespace changeling::run {

Watchdog::Watchdog(const Limits& limits, TimePoint start) : limits_(limits) {
  if (limits_.time > Duration::zero()) time_limit_ = start + limits_.time;
  note_activity(start);
}

void Watchdog::note_activity(TimePoint now) {
  if (limits_.silence > Duration::zero()) silence_limit_ = now + limits_.silence;
}

void Watchdog::note_rest(TimePoint now) {
  if (grace_limit_ == TimePoint::max()) grace_limit_ = now + limits_.grace_after_result;
}

void Watchdog::note_work(TimePoint now) {
  if (grace_limit_ == TimePoint::max()) return;
  grace_limit_ = TimePoint::max();
  note_activity(now);
}

EndedBy Watchdog::judge(TimePoint now) const {
  if (grace_limit_ != TimePoint::max()) {
    return now >= grace_limit_ ? EndedBy::LivedOnAfterResult : EndedBy::Itself;
  }
  if (now >= time_limit_) return EndedBy::TimeLimit;
  if (now >= silence_limit_) return EndedBy::SilenceLimit;
  return EndedBy::Itself;
}

Watchdog::TimePoint Watchdog::next_deadline() const {
  if (grace_limit_ != TimePoint::max()) return grace_limit_;
  return std::min(time_limit_, silence_limit_);
}

Watchdog::Limits limits_of(const LaunchRequest& request) {
  return {request.timeout, request.silence_timeout, request.grace_after_result};
}

std::string describe(EndedBy ended_by, const Watchdog::Limits& limits) {
  switch (ended_by) {
    case EndedBy::Itself:
      return "";
    case EndedBy::TimeLimit:
      return fmt::format("ended after the time limit of {}", format_duration(limits.time));
    case EndedBy::SilenceLimit:
      return fmt::format("ended after {} without progress", format_duration(limits.silence));
    case EndedBy::UserRequest:
      return "stopped on request";
    case EndedBy::LostLease:
      return "stopped because another worker has taken over the run";
    case EndedBy::LivedOnAfterResult:
      return fmt::format("ended because it was still there {} after its result",
                         format_duration(limits.grace_after_result));
  }
  return "";
}

}  // namespace changeling::run
