#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "support/clock.hpp"

namespace changeling::work {

/// Keeps a worker from trying a task again at once after it failed, for sources that keep no attempts
/// themselves: pauses of 1, 2, 4, … minutes, at most an hour, and none more after `most_attempts` failures
/// (0: no limit). Lasts as long as the process. From any thread.
class RetryPauses {
 public:
  RetryPauses(const Clock& clock, std::int64_t most_attempts)
      : clock_(clock), most_attempts_(most_attempts) {}

  bool allows(const std::string& task) const;
  void note_failure(const std::string& task);

 private:
  struct Failures {
    std::int64_t count = 0;
    Timestamp pause_ends_at{};
  };

  const Clock& clock_;
  std::int64_t most_attempts_;
  mutable std::mutex mutex_;
  std::map<std::string, Failures> failures_;
};

}  // namespace changeling::work
