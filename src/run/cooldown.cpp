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

std::optional<Pause> pause_after_failures(const store::RunHistory& runs, const std::string& changeling,
                                          Duration first_pause, Timestamp now) {
  if (first_pause <= Duration(0)) return std::nullopt;
  const store::FailureRow row = runs.failures_in_a_row(changeling);
  if (row.failures <= forgiven_failures) return std::nullopt;
  const Pause pause{row.newest_end + doubled(first_pause, row.failures - forgiven_failures - 1),
                    row.failures};
  return pause.until > now ? std::optional(pause) : std::nullopt;
}

}  // namespace changeling::run
