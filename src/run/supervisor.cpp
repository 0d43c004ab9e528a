#include "run/supervisor.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "support/file_descriptor.hpp"

namespace changeling::run {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kStopRequestInterval{200};
constexpr milliseconds kPatienceAfterTerm{3000};
constexpr milliseconds kPatienceWithLeftovers{2000};
/// A process that survives KILL this long hangs in the kernel; nobody can end it.
constexpr milliseconds kPatienceAfterKill{1000};

milliseconds time_until(steady_clock::time_point deadline) {
  return std::max(std::chrono::ceil<milliseconds>(deadline - steady_clock::now()), milliseconds(0));
}

/// Waits until every one of the processes has ended, at most until the deadline.
void wait_for_ends(const std::vector<int>& processes, steady_clock::time_point deadline) {
  std::vector<FileDescriptor> ends;
  for (const int process : processes) {
    FileDescriptor end(static_cast<int>(::syscall(SYS_pidfd_open, process, 0U)));
    if (end) ends.push_back(std::move(end));
  }
  for (const auto& end : ends) {
    pollfd watched{end.get(), POLLIN, 0};
    while (::poll(&watched, 1, static_cast<int>(time_until(deadline).count())) < 0 && errno == EINTR) {
    }
  }
}

void signal_all(const std::vector<int>& processes, int signal) {
  for (const int process : processes) ::kill(process, signal);
}

/// Ends the whole run on destruction, so that no exception leaves an agent behind.
class EndOfRun {
 public:
  EndOfRun(ChildProcess& child, const std::string& run_id) : child_(child), run_id_(run_id) {}
  ~EndOfRun() {
    if (child_.running()) child_.signal_group(SIGTERM);
    try {
      end_processes_of_run(run_id_);
    } catch (const std::exception&) {
      // Out of memory or descriptors: the group below is what can still be done.
    }
    child_.kill_all();
  }
  EndOfRun(const EndOfRun&) = delete;
  EndOfRun& operator=(const EndOfRun&) = delete;

 private:
  ChildProcess& child_;
  const std::string& run_id_;
};

}  // namespace

void end_processes_of_run(const std::string& run_id) {
  const auto find = [&] { return processes_with_environment("CHANGELING_RUN", run_id); };
  auto left = find();
  if (left.empty()) return;
  signal_all(left, SIGTERM);
  wait_for_ends(left, steady_clock::now() + kPatienceWithLeftovers);
  const auto give_up = steady_clock::now() + kPatienceAfterKill;
  for (left = find(); !left.empty() && steady_clock::now() < give_up; left = find()) {
    signal_all(left, SIGKILL);
    wait_for_ends(left, give_up);
  }
}

Supervision supervise(ChildProcess& child, const std::string& run_id, Watchdog& watchdog,
                      const SupervisionHooks& hooks) {
  Supervision supervision;
  const EndOfRun end_of_run(child, run_id);
  const auto pump = [&](milliseconds wait) {
    const auto visitors = hooks.live != nullptr ? hooks.live->watched() : std::vector<pollfd>();
    const bool runs = child.pump(wait, hooks.on_output, hooks.on_error, visitors);
    if (hooks.live != nullptr) hooks.live->serve();
    return runs;
  };
  auto next_question = steady_clock::now();
  for (;;) {
    const auto wake_up = std::min(watchdog.next_deadline(), next_question);
    if (!pump(time_until(wake_up))) break;
    if (hooks.on_stop && child.take_stop()) hooks.on_stop();
    const auto now = steady_clock::now();
    supervision.ended_by = watchdog.judge(now);
    if (supervision.ended_by == EndedBy::Itself && hooks.stop_requested && now >= next_question) {
      supervision.ended_by = hooks.stop_requested();
    }
    if (supervision.ended_by != EndedBy::Itself) break;
    if (now >= next_question && hooks.waits_for_answer && hooks.waits_for_answer())
      watchdog.note_activity(now);
    if (now >= next_question) next_question = now + kStopRequestInterval;
  }
  if (child.running()) {
    child.signal_group(SIGTERM);
    child.signal_group(SIGCONT);  // It may have been stopped.
    const auto deadline = steady_clock::now() + kPatienceAfterTerm;
    while (steady_clock::now() < deadline && pump(time_until(deadline))) {
    }
  }
  if (child.running()) {
    child.kill_all();
    while (pump(kStopRequestInterval)) {
    }
  }
  supervision.exit_status = child.exit_status();
  return supervision;
}

}  // namespace changeling::run
