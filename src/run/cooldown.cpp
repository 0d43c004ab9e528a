#include "run/cooldown.hpp"

#include <algorithm>

namespace changeling::run {
namespace {

constexpr Duration longest_pause = std::chrono::days(7);
/// One failure may be bad luck.
constexpr std::size_t forgiven_failures = 1;

Duration doubled(Duration first, std::size_t times) {
  Duration pause = std::min(first, longest_pause);
  for (; times > 0 && pause < longest_pause; --times) pause *= 2;
  return std::min(pause, longest_pause);
}

}  // namespace

bool is_failure(const store::RunRecord& run) {
  return run.outcome && !is_success(*run.outcome) && !run.outage && run.outcome != store::Outcome::Killed &&
         run.outcome != store::Outcome::LostLease;
}

std::optional<Pause> pause_after_failures(const std::vector<store::RunRecord>& runs,
                                          const std::string& changeling, Duration first_pause,
                                          Timestamp now) {
  if (first_pause <= Duration(0)) return std::nullopt;
  Pause pause;
  Timestamp newest_end{};
  for (const store::RunRecord& run : runs) {
    if (run.changeling != changeling || !run.task.empty() || !run.outcome) continue;
    if (is_success(*run.outcome)) break;
    if (!is_failure(run)) continue;
    if (++pause.failures == 1) newest_end = run.ended_at.value_or(run.started_at);
  }
  if (pause.failures <= forgiven_failures) return std::nullopt;
  pause.until = newest_end + doubled(first_pause, pause.failures - forgiven_failures - 1);
  return pause.until > now ? std::optional(pause) : std::nullopt;
}

}  // namespace changeling::run
