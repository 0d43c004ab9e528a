#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "support/ending.hpp"
#include "support/error.hpp"
#include "support/keeper.hpp"
#include "support/process.hpp"
#include "support/spawn.hpp"

namespace changeling {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How often the end is looked for on kernels without pidfd_open (before 5.3, or behind old seccomp rules).
constexpr milliseconds kEndCheckInterval{20};

/// Writing to a program that has closed its input must be an answer, not the death of this process. Blocks
/// SIGPIPE in this thread and takes back the one that a write raised.
class BrokenPipeIsNoSignal {
 public:
  BrokenPipeIsNoSignal() {
    ::sigemptyset(&broken_pipe_);
    ::sigaddset(&broken_pipe_, SIGPIPE);
    sigset_t pending;
    ::sigpending(&pending);
    pending_before_ = ::sigismember(&pending, SIGPIPE) == 1;
    ::pthread_sigmask(SIG_BLOCK, &broken_pipe_, &mask_before_);
  }
  ~BrokenPipeIsNoSignal() {
    if (!pending_before_) {
      const timespec immediately{};
      while (::sigtimedwait(&broken_pipe_, nullptr, &immediately) < 0 && errno == EINTR) {
      }
    }
    ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
  }
  BrokenPipeIsNoSignal(const BrokenPipeIsNoSignal&) = delete;
  BrokenPipeIsNoSignal& operator=(const BrokenPipeIsNoSignal&) = delete;

 private:
  sigset_t broken_pipe_;
  sigset_t mask_before_;
  bool pending_before_ = false;
};

/// Reads at most `limit` bytes that are there now; closes the descriptor at its end.
void read_available(FileDescriptor& descriptor, std::size_t limit, const ChildProcess::OnOutput& on_bytes) {
  std::array<char, 65536> buffer;
  while (descriptor && limit > 0) {
    const ssize_t count = ::read(descriptor.get(), buffer.data(), std::min(buffer.size(), limit));
    if (count > 0) {
      limit -= static_cast<std::size_t>(count);
      if (on_bytes) on_bytes(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else {
      if (count == 0 || errno != EAGAIN) descriptor.reset();
      return;
    }
  }
}

std::size_t bytes_waiting(const FileDescriptor& descriptor) {
  int count = 0;
  if (!descriptor || ::ioctl(descriptor.get(), FIONREAD, &count) != 0 || count < 0) return 0;
  return static_cast<std::size_t>(count);
}

/// Through the system call: the declaration in glibc 2.36 has C++ linkage and links with nothing.
FileDescriptor open_process(pid_t pid) {
  return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0U)));
}

timespec as_timespec(steady_clock::duration duration) {
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count();
  timespec result{};
  result.tv_sec = static_cast<time_t>(nanoseconds / 1'000'000'000);
  result.tv_nsec = static_cast<long>(nanoseconds % 1'000'000'000);
  return result;
}

}  // namespace

struct ChildProcess::State {
  /// One turn of pump hands over at most this much of a stream, so that limits are checked in a flood too.
  static constexpr std::size_t kLargestTurn = 1 << 20;

  SpawnedProcess process;
  FileDescriptor end;  ///< Readable when the process has ended; absent where the kernel has none.
  std::string unwritten;
  bool close_after_writing = false;
  std::optional<ExitStatus> status;

  pid_t target;  ///< For kill(): the group that the process leads, or only itself in a shared session.
  bool kept;     ///< The process is a keeper, which ends the others and then itself.
  std::shared_ptr<const FileDescriptor> ending;  ///< As in the command.

  State(SpawnedProcess spawned, const Command& command)
      : process(std::move(spawned)),
        end(open_process(process.pid)),
        target(command.session == Session::Shared ? process.pid : -process.pid),
        kept(command.session == Session::Own && command.descendants == Descendants::EndWithIt),
        ending(command.ending) {}

  void kill_all() const {
    if (kept && !status) {
      ::kill(process.pid, keeper_signal());
    } else {
      ::kill(target, SIGKILL);
    }
  }

  ~State() {
    if (!status) kill_all();
    while (::waitpid(process.pid, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Looks for the end without reaping: the process stays a zombie until destruction, so that its number
  /// keeps naming its own process group and no other.
  void look_for_end() {
    siginfo_t information{};
    if (::waitid(P_PID, static_cast<id_t>(process.pid), &information, WEXITED | WNOHANG | WNOWAIT) != 0) {
      if (errno == ECHILD) status.emplace();  // Somebody else has waited for it: how it ended is not known.
      return;
    }
    if (information.si_pid == 0) return;
    status = how_it_ended(information);
  }

  ExitStatus how_it_ended(const siginfo_t& information) const {
    if (information.si_code != CLD_EXITED) return {std::nullopt, information.si_status};
    const auto signal = ending ? read_ending(*ending) : std::nullopt;
    if (signal && information.si_status == 128 + *signal) return {std::nullopt, signal};
    return {information.si_status, std::nullopt};
  }

  void write_some() {
    const BrokenPipeIsNoSignal guard;
    while (process.input && !unwritten.empty()) {
      const ssize_t count = ::write(process.input.get(), unwritten.data(), unwritten.size());
      if (count >= 0) {
        unwritten.erase(0, static_cast<std::size_t>(count));
      } else if (errno == EAGAIN) {
        return;
      } else if (errno != EINTR) {
        process.input.reset();
      }
    }
    if (close_after_writing) process.input.reset();
  }

  /// Sleeps until something can be done, at most `wait`. A signal handler ends the sleep early, so that the
  /// caller can look at what the handler noted.
  void sleep(milliseconds wait, const std::vector<pollfd>& others) {
    std::vector<pollfd> watched = others;
    const auto watch = [&](const FileDescriptor& descriptor, short events) {
      if (descriptor) watched.push_back({descriptor.get(), events, 0});
    };
    watch(end, POLLIN);
    watch(process.output, POLLIN);
    watch(process.error, POLLIN);
    if (!unwritten.empty()) watch(process.input, POLLOUT);
    if (!end) wait = std::min(wait, kEndCheckInterval);
    const timespec limit = as_timespec(std::max(wait, milliseconds(0)));
    ::ppoll(watched.data(), watched.size(), &limit, nullptr);
  }
};

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChildProcess::ChildProcess(ChildProcess&&) noexcept = default;
ChildProcess& ChildProcess::operator=(ChildProcess&&) noexcept = default;
ChildProcess::~ChildProcess() = default;

ChildProcess ChildProcess::start(const Command& command, StandardInput input) {
  auto state = std::make_unique<State>(spawn(command, input), command);
  if (input == StandardInput::Text) {
    state->unwritten = command.standard_input;
    state->close_after_writing = true;
    state->write_some();
  }
  return ChildProcess(std::move(state));
}

int ChildProcess::pid() const {
  return state_->process.pid;
}

bool ChildProcess::pump(milliseconds wait, const OnOutput& on_output, const OnOutput& on_error,
                        const std::vector<pollfd>& others) {
  if (state_->status) return false;
  state_->sleep(wait, others);
  state_->look_for_end();
  if (!state_->status) {
    state_->write_some();
    read_available(state_->process.output, State::kLargestTurn, on_output);
    read_available(state_->process.error, State::kLargestTurn, on_error);
    return true;
  }
  // A grandchild may keep the pipes open and go on writing; only what is there at the end counts.
  const std::size_t output_left = bytes_waiting(state_->process.output);
  const std::size_t error_left = bytes_waiting(state_->process.error);
  read_available(state_->process.output, output_left, on_output);
  read_available(state_->process.error, error_left, on_error);
  state_->process.input.reset();
  state_->process.output.reset();
  state_->process.error.reset();
  return false;
}

bool ChildProcess::running() const {
  return !state_->status;
}

bool ChildProcess::take_stop() const {
  if (state_->status) return false;
  siginfo_t information{};
  return ::waitid(P_PID, static_cast<id_t>(state_->process.pid), &information, WSTOPPED | WNOHANG) == 0 &&
         information.si_pid != 0;
}

ExitStatus ChildProcess::exit_status() const {
  if (!state_->status) throw Error(ErrorKind::Internal, "the exit status was asked for before the end");
  return *state_->status;
}

bool ChildProcess::write_input(std::string_view text) {
  if (!state_->process.input) return false;
  state_->unwritten.append(text);
  state_->write_some();
  return static_cast<bool>(state_->process.input);
}

void ChildProcess::close_input() {
  state_->close_after_writing = true;
  state_->write_some();
}

void ChildProcess::signal_group(int signal) const {
  ::kill(state_->target, signal);
}

void ChildProcess::kill_all() const {
  state_->kill_all();
}

}  // namespace changeling
