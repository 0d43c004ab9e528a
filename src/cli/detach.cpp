#include "cli/detach.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "support/error.hpp"

namespace changeling::cli {
namespace {

void leave_terminal() {
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, descriptor);
  if (null > STDERR_FILENO) ::close(null);
}

}  // namespace

std::optional<std::string> run_detached(const std::function<void(const ReportStart&)>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw Error(ErrorKind::Io, std::string("could not make a pipe: ") + std::strerror(errno));
  }
  const pid_t child = ::fork();
  if (child < 0)
    throw Error(ErrorKind::Io, std::string("could not start a process: ") + std::strerror(errno));
  if (child == 0) {
    ::close(ends[0]);
    leave_terminal();
    bool reported = false;
    const ReportStart report = [&](const std::string& problem) {
      if (reported) return;
      reported = true;
      const std::string line = problem.empty() ? "ok" : "!" + problem;
      [[maybe_unused]] const ssize_t written = ::write(ends[1], line.data(), line.size());
      ::close(ends[1]);
    };
    try {
      work(report);
    } catch (const std::exception& error) {
      report(error.what());
    }
    report("");
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string answer;
  char buffer[512];
  for (;;) {
    const ssize_t count = ::read(ends[0], buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    answer.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  if (answer == "ok") return std::nullopt;
  return answer.empty() ? "the background process died at its start" : answer.substr(1);
}

}  // namespace changeling::cli
