#include "support/detach.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "support/error.hpp"
#include "support/spawn.hpp"

namespace changeling {
namespace {

void leave_streams() {
  const int null = ::open("/dev/null", O_RDWR);
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, descriptor);
  if (null > STDERR_FILENO) ::close(null);
}

std::size_t count_threads() {
  namespace fs = std::filesystem;
  std::error_code unreadable;
  const fs::directory_iterator threads("/proc/self/task", unreadable);
  return unreadable ? 1 : static_cast<std::size_t>(std::distance(fs::begin(threads), fs::end(threads)));
}

std::string read_to_end(const FileDescriptor& descriptor) {
  std::string text;
  char buffer[512];
  for (;;) {
    const ssize_t count = ::read(descriptor.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace

std::optional<std::string> start_in_background(const Command& command) {
  const SpawnedProcess process = spawn_ourselves(command);
  const std::string answer = read_to_end(process.output);
  if (answer == "ok") return std::nullopt;
  return answer.empty() ? "the background process died at its start" : answer.substr(1);
}

ReportStart report_from_background() {
  const int reports = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  leave_streams();
  return [reports, reported = false](const std::string& problem) mutable {
    if (std::exchange(reported, true)) return;
    const std::string line = problem.empty() ? "ok" : "!" + problem;
    [[maybe_unused]] const ssize_t written = ::write(reports, line.data(), line.size());
    ::close(reports);
  };
}

void fork_into_background(const std::function<void()>& work) {
  if (count_threads() > 1) {
    throw Error(ErrorKind::Internal, "a process with several threads must not go on in a copy of itself",
                "this is a defect of git-changeling; please report it");
  }
  const pid_t child = ::fork();
  if (child < 0)
    throw Error(ErrorKind::Io, std::string("could not start a process: ") + std::strerror(errno));
  if (child > 0) return;
  ::setsid();
  leave_streams();
  try {
    work();
  } catch (const std::exception&) {
    // Nobody is there to be told; `work` keeps a log of its own.
  }
  ::_exit(0);
}

}  // namespace changeling
