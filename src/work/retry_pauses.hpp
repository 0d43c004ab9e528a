#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "support/clock.hpp"

namespace changeling::work {

/// Keeps workers from trying a task again at once after it failed, for sources that keep no attempts
/// themselves: pauses of 1, 2, 4, … minutes, at most an hour, and none more after `most_attempts` failures
/// (0: no limit), until the task says something else. From any thread.
class RetryPauses {
 public:
  /// With a folder the failures are kept there, a file each, for all processes of this machine; without one
  /// they last as long as this object.
  RetryPauses(const Clock& clock, std::int64_t most_attempts, std::filesystem::path folder = {})
      : clock_(clock), most_attempts_(most_attempts), folder_(std::move(folder)) {}

  /// `task` is a name for a file; `text` is what the task asks for: another text begins anew.
  bool allows(const std::string& task, const std::string& text = "") const;
  void note_failure(const std::string& task, const std::string& text = "");
  void forget(const std::string& task);

 private:
  struct Failures {
    std::int64_t count = 0;
    Timestamp pause_ends_at{};
    std::string text;
  };
  Failures read(const std::string& task, const std::string& text) const;

  const Clock& clock_;
  std::int64_t most_attempts_;
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::map<std::string, Failures> failures_;
};

}  // namespace changeling::work
