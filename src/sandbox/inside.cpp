#include "sandbox/inside.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "sandbox/connection.hpp"
#include "support/ending.hpp"
#include "support/error.hpp"

namespace changeling::sandbox {
namespace {

constexpr int proxy_port = 3128;
/// Behind the three standard streams.
constexpr unsigned first_other_descriptor = 3;

void serve(const FileDescriptor& listener, const std::string& socket) {
  for (;;) {
    FileDescriptor one = accept_from(listener);
    if (!one) return;
    std::thread([socket, inner = std::move(one)] {
      const FileDescriptor outer = connect_to(socket);
      if (outer) pass_on(inner, outer);
    }).detach();
  }
}

/// It holds none of the command's streams open, and is out of the way of what is sent to the command's group.
void start_relay(const std::string& socket) {
  const FileDescriptor listener = listen_on_port(proxy_port);
  if (::fork() != 0) return;
  ::setsid();
  ::prctl(PR_SET_NAME, "proxy");
  const FileDescriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (int stream = 0; stream <= 2; ++stream) ::dup2(nothing.get(), stream);
  serve(listener, socket);
  ::_exit(0);
}

void take_signals_as_usual() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &standard, nullptr);
}

/// Waits for every process of the sandbox; returns how `command` ended.
int await_end_of(pid_t command) {
  int status = 0;
  while (::waitpid(-1, &status, 0) != command) {
  }
  return status;
}

/// The kernel lets no signal from inside reach the first process, and ends all others with it. The files of a
/// process that is not dumpable (prctl(2)) are nobody's, so that the command cannot write to this one.
[[noreturn]] void wait_as_first(pid_t command, const FileDescriptor& file) {
  ::prctl(PR_SET_DUMPABLE, 0);
  ::close_range(first_other_descriptor, static_cast<unsigned>(file.get()) - 1, 0);
  ::close_range(static_cast<unsigned>(file.get()) + 1, UINT_MAX, 0);
  const int status = await_end_of(command);
  if (!WIFSIGNALED(status)) ::_exit(WEXITSTATUS(status));
  write_ending(file, WTERMSIG(status));
  ::_exit(128 + WTERMSIG(status));
}

/// Returns in the process that becomes the command.
void stay_as_first(const FileDescriptor& file) {
  const pid_t command = ::fork();
  if (command < 0)
    throw Error(ErrorKind::Io,
                fmt::format("cannot start a command in the sandbox: {}", std::strerror(errno)));
  if (command > 0) wait_as_first(command, file);
}

void take_option(const std::string& option, const std::string& value) {
  if (option == "--proxy") start_relay(value);
  if (option == "--first") stay_as_first(FileDescriptor(std::atoi(value.c_str())));
  if (option != "--processes") return;
  const auto most = static_cast<rlim_t>(std::strtoull(value.c_str(), nullptr, 10));
  const rlimit limit{most, most};
  ::setrlimit(RLIMIT_NPROC, &limit);
}

}  // namespace

[[noreturn]] void become_inside(const std::vector<std::string>& words) {
  take_signals_as_usual();
  const auto end = std::find(words.begin(), words.end(), "--");
  if (end == words.end() || end + 1 == words.end())
    throw Error(ErrorKind::Invalid, "a command without a program");
  for (auto word = words.begin(); word + 1 < end; word += 2) take_option(*word, *(word + 1));
  std::vector<std::string> command(end + 1, words.end());
  std::vector<char*> pointers;
  for (std::string& word : command) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(pointers.front(), pointers.data());
  throw Error(ErrorKind::NotFound,
              fmt::format("cannot start '{}': {}", command.front(), std::strerror(errno)));
}

}  // namespace changeling::sandbox
