#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "support/error.hpp"
#include "support/process.hpp"

namespace changeling::test {

/// Answers from a function and remembers what was to be started.
class RecordingPrograms : public ProcessRunner {
 public:
  using ProcessRunner::run;
  using Answer = std::function<ProcessResult(const Command&)>;

  explicit RecordingPrograms(Answer answer = [](const Command&) { return prints(""); })
      : answer_(std::move(answer)) {}

  ProcessResult run(const Command& command, std::chrono::milliseconds time_limit) override {
    {
      const std::scoped_lock lock(mutex_);
      commands.push_back(command);
      limits.push_back(time_limit);
    }
    return answer_(command);
  }

  static ProcessResult prints(const std::string& output) {
    return ProcessResult{ExitStatus{0, std::nullopt}, output, "", false};
  }
  static ProcessResult fails(const std::string& error, int code = 1) {
    return ProcessResult{ExitStatus{code, std::nullopt}, "", error, false};
  }
  static ProcessResult hangs() { return ProcessResult{ExitStatus{std::nullopt, 15}, "", "", true}; }

  std::vector<Command> commands;
  std::vector<std::chrono::milliseconds> limits;

 private:
  Answer answer_;
  std::mutex mutex_;
};

}  // namespace changeling::test
