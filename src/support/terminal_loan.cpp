#include "support/terminal_loan.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <string_view>
#include <thread>

#include "support/error.hpp"

namespace changeling {
namespace {

constexpr auto foreground_patience = std::chrono::milliseconds(50);
constexpr int foreground_attempts = 20;

/// Whoever is not in the foreground is stopped for touching the terminal, unless this signal is blocked.
class TerminalSignalBlocked {
 public:
  TerminalSignalBlocked() {
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTTOU);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~TerminalSignalBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  TerminalSignalBlocked(const TerminalSignalBlocked&) = delete;
  TerminalSignalBlocked& operator=(const TerminalSignalBlocked&) = delete;

 private:
  sigset_t before_;
};

bool in_foreground() {
  return ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

}  // namespace

void require_terminal_in_foreground() {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) {
    throw Error(ErrorKind::Refused, "an interactive run needs a terminal",
                "type the command in a terminal, without redirecting its input or output");
  }
  if (!in_foreground()) {
    throw Error(ErrorKind::Refused, "an interactive run needs the terminal for itself",
                "start it in the foreground, without '&'");
  }
}

TerminalLoan::TerminalLoan() : our_group_(::getpgrp()) {
  require_terminal_in_foreground();
  ::tcgetattr(STDIN_FILENO, &ours_);
}

TerminalLoan::~TerminalLoan() {
  take_back();
}

void TerminalLoan::take_back() const {
  const TerminalSignalBlocked guard;
  ::tcsetpgrp(STDIN_FILENO, our_group_);
  // Not after draining the output: a terminal held with Ctrl-S would never let us go.
  ::tcsetattr(STDIN_FILENO, TCSANOW, &ours_);
}

void TerminalLoan::calm_display() const {
  const TerminalSignalBlocked guard;
  constexpr std::string_view calm =
      "\x1b[0m\x1b[?25h\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\r\n";
  [[maybe_unused]] const auto written = ::write(STDOUT_FILENO, calm.data(), calm.size());
}

void TerminalLoan::suspend(pid_t group) {
  termios theirs{};
  ::tcgetattr(STDIN_FILENO, &theirs);
  take_back();
  // The whole group, as Ctrl-Z would: `git` is waiting in it for this program, and the shell for `git`.
  ::kill(0, SIGTSTP);
  for (int attempt = 0; !in_foreground() && attempt < foreground_attempts; ++attempt) {
    ::kill(0, SIGTTIN);  // Continued in the background: stopped again, like everybody who wants to read.
    std::this_thread::sleep_for(foreground_patience);
  }
  const TerminalSignalBlocked guard;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &theirs);
  ::tcsetpgrp(STDIN_FILENO, group);
  ::kill(-group, SIGCONT);
}

}  // namespace changeling
