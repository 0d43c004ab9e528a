#pragma once

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <thread>
#include <utility>

#include "store/request_board.hpp"
#include "task_fixture.hpp"

namespace changeling::testing {

/// A process that does the work and ends with what it returns; 99 after an exception.
class Process {
 public:
  explicit Process(const std::function<int()>& work) : id_(::fork()) {
    if (id_ != 0) return;
    int code = 99;
    try {
      code = work();
    } catch (const std::exception&) {
      code = 99;
    }
    ::_exit(code);
  }
  Process(Process&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  ~Process() {
    if (id_ > 0) kill();
  }
  void kill() {
    ::kill(id_, SIGKILL);
    wait();
  }
  /// The exit code; -1 when it was killed.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(id_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t id_;
};

template <typename Condition>
bool comes_true(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

inline int count_in_phase(const std::filesystem::path& file, store::RequestPhase phase) {
  const auto board = store::BoardFile::open_existing(file);
  int count = 0;
  for (int place = 0; board && place < store::BoardFile::places; ++place)
    count += board->state(place).phase == phase ? 1 : 0;
  return count;
}

}  // namespace changeling::testing
