#include "work/retry_pauses.hpp"

#include <algorithm>

namespace changeling::work {
namespace {

constexpr Duration first_pause = std::chrono::minutes(1);
constexpr Duration longest_pause = std::chrono::hours(1);

}  // namespace

bool RetryPauses::allows(const std::string& task) const {
  const std::scoped_lock lock(mutex_);
  const auto found = failures_.find(task);
  if (found == failures_.end()) return true;
  if (most_attempts_ > 0 && found->second.count >= most_attempts_) return false;
  return clock_.now() >= found->second.pause_ends_at;
}

void RetryPauses::note_failure(const std::string& task) {
  const std::scoped_lock lock(mutex_);
  Failures& failures = failures_[task];
  const auto doublings = std::min<std::int64_t>(failures.count, 6);
  failures.pause_ends_at = clock_.now() + std::min(first_pause * (1 << doublings), longest_pause);
  ++failures.count;
}

}  // namespace changeling::work
