#include "support/keeper.hpp"

#include "support/inside_run.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <ctime>

namespace changeling {
namespace {

// Everything here runs in a copy of a process that may have had threads: no memory is allocated, no lock
// taken.

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatienceAfterTerm{2000};
/// What survives KILL for so long hangs in the kernel, or multiplies faster than it can be ended.
constexpr milliseconds kPatienceAfterKill{5000};
constexpr milliseconds kLook{20};

/// What has been seen of the program and of all that the keeper has adopted.
struct Kept {
  pid_t program;
  int status = 0;
  bool program_ended = false;
  bool any_left = true;
};

/// Sends to every child that `list` names; to the group of each with `to_groups`.
void signal_listed(const char* list, int signal, bool to_groups) {
  const int file = ::open(list, O_RDONLY | O_CLOEXEC);
  if (file < 0) return;
  char buffer[4096];
  pid_t process = 0;
  ssize_t count = 0;
  while ((count = ::read(file, buffer, sizeof buffer)) > 0) {
    for (ssize_t at = 0; at < count; ++at) {
      const char letter = buffer[at];
      if (letter >= '0' && letter <= '9') {
        process = process * 10 + (letter - '0');
      } else if (process > 0) {
        ::kill(to_groups ? -process : process, signal);
        process = 0;
      }
    }
  }
  ::close(file);
}

/// What the children have started in turn becomes a child when they are gone.
void signal_children(int signal) {
  signal_listed("/proc/thread-self/children", signal, false);
}

/// Where the kernel lists the children of a process, without allocating.
struct ChildrenList {
  char path[64] = "/proc/";

  explicit ChildrenList(pid_t process) {
    char* end = append(path + 6, process);
    for (const char* letter = "/task/"; *letter != 0; ++letter) *end++ = *letter;
    end = append(end, process);
    for (const char* letter = "/children"; *letter != 0; ++letter) *end++ = *letter;
    *end = 0;
  }

 private:
  static char* append(char* at, pid_t number) {
    char digits[16];
    int count = 0;
    for (; number > 0; number /= 10) digits[count++] = static_cast<char>('0' + number % 10);
    while (count > 0) *at++ = digits[--count];
    return at;
  }
};

/// bubblewrap would die of TERM, and take all that it waits for with it before they could end themselves.
void ask_to_end(pid_t program, Part part) {
  for (const int signal : {SIGTERM, SIGCONT}) {  // It may have been stopped.
    if (part == Part::Wrapper) {
      signal_listed(ChildrenList(program).path, signal, true);
    } else {
      ::kill(-program, signal);
    }
  }
}

void reap(Kept& kept) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(-1, &status, WNOHANG);
    if (ended < 0 && errno == EINTR) continue;
    if (ended < 0) kept.any_left = false;
    if (ended <= 0) return;
    if (ended == kept.program) {
      kept.program_ended = true;
      kept.status = status;
    }
  }
}

/// Waits for the end of a child or for what the leader sends; returns which.
int await(milliseconds patience) {
  sigset_t awaited;
  ::sigemptyset(&awaited);
  ::sigaddset(&awaited, SIGCHLD);
  ::sigaddset(&awaited, SIGTERM);
  ::sigaddset(&awaited, keeper_signal());
  if (patience < milliseconds(0)) return ::sigwaitinfo(&awaited, nullptr);
  timespec limit{};
  limit.tv_sec = static_cast<time_t>(patience.count() / 1000);
  limit.tv_nsec = static_cast<long>(patience.count() % 1000 * 1'000'000);
  return ::sigtimedwait(&awaited, nullptr, &limit);
}

void ask_rest_to_end(Kept& kept) {
  signal_children(SIGTERM);
  const auto deadline = steady_clock::now() + kPatienceAfterTerm;
  while (kept.any_left && steady_clock::now() < deadline) {
    if (await(kLook) == keeper_signal()) return;
    reap(kept);
  }
}

void kill_rest(Kept& kept) {
  const auto deadline = steady_clock::now() + kPatienceAfterKill;
  while (kept.any_left && steady_clock::now() < deadline) {
    signal_children(SIGKILL);
    await(kLook);
    reap(kept);
  }
}

[[noreturn]] void end_like(const Kept& kept) {
  if (!kept.program_ended) ::_exit(128 + SIGKILL);
  if (WIFEXITED(kept.status)) ::_exit(WEXITSTATUS(kept.status));
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  const int signal = WTERMSIG(kept.status);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  ::sigaction(signal, &standard, nullptr);
  ::kill(::getpid(), signal);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, signal);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
  ::_exit(128 + signal);
}

[[noreturn]] void keep(pid_t program, Part part) {
  // Pipes and locks of the leader must not stay open because of this process.
  ::close_range(0, UINT_MAX, 0);
  ::prctl(PR_SET_NAME, keeper_name);  // See inside_a_run().
  Kept kept{program};
  reap(kept);
  bool in_a_hurry = false;
  while (!kept.program_ended && !in_a_hurry) {
    const int signal = await(milliseconds(-1));
    in_a_hurry = signal == keeper_signal();
    if (signal == SIGTERM) ask_to_end(program, part);
    reap(kept);
  }
  if (!in_a_hurry && kept.any_left) ask_rest_to_end(kept);
  if (kept.any_left) kill_rest(kept);
  end_like(kept);
}

}  // namespace

int keeper_signal() {
  return SIGUSR1;
}

pid_t leave_keeper_behind(pid_t leader, Part part) {
  ::prctl(PR_SET_PDEATHSIG, keeper_signal());
  if (::getppid() != leader) ::_exit(127);  // It died before the line above took effect.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t keeper = ::getpid();
  const pid_t program = ::fork();
  if (program < 0) return -1;
  // On both sides, so that it is done before the first signal comes.
  ::setpgid(program, program);
  if (program > 0) keep(program, part);
  return keeper;
}

}  // namespace changeling
