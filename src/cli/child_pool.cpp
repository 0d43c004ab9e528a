#include "cli/child_pool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <vector>

#include "support/error.hpp"

namespace changeling::cli {
namespace {

// The first letter of what a child sends.
constexpr char said = '+';
constexpr char failed = '!';

void read_nothing() {
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  if (null > STDERR_FILENO) ::close(null);
}

void send(int pipe, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t count = ::write(pipe, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    done += static_cast<std::size_t>(count);
  }
}

[[noreturn]] void be_child(pid_t parent, int pipe, const std::function<std::string()>& work) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  read_nothing();
  std::string answer;
  try {
    answer = said + work();
  } catch (const Error& error) {
    answer = failed + (error.hint().empty() ? std::string(error.what())
                                            : fmt::format("{} ({})", error.what(), error.hint()));
  } catch (const std::exception& error) {
    answer = failed + std::string(error.what());
  }
  std::fflush(nullptr);
  send(pipe, answer);
  ::_exit(answer.front() == said ? 0 : 1);
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("a worker process was ended by signal {} ({})", WTERMSIG(status),
                       ::strsignal(WTERMSIG(status)));
  }
  return fmt::format("a worker process ended with exit code {}", WEXITSTATUS(status));
}

}  // namespace

ChildPool::~ChildPool() {
  signal_all(SIGTERM);
  signal_all(SIGTERM);
  while (running() > 0) wait(std::chrono::seconds(1));
}

void ChildPool::start(const std::function<std::string()>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw Error(ErrorKind::Io, std::string("could not make a pipe: ") + std::strerror(errno));
  }
  FileDescriptor reading(ends[0]);
  FileDescriptor writing(ends[1]);
  // What is still in a buffer would be written twice.
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0)
    throw Error(ErrorKind::Io, std::string("could not start a process: ") + std::strerror(errno));
  if (child == 0) be_child(parent, writing.get(), work);
  children_.push_back({child, std::move(reading), ""});
}

ChildPool::Ended ChildPool::end(Child& child) {
  int status = 0;
  while (::waitpid(child.process, &status, 0) < 0 && errno == EINTR) {
  }
  if (child.told.empty()) return {"", describe(status)};
  const std::string content = child.told.substr(1);
  return child.told.front() == said ? Ended{content, ""} : Ended{"", content};
}

std::optional<ChildPool::Ended> ChildPool::wait(std::chrono::milliseconds patience) {
  std::vector<pollfd> pipes;
  for (const Child& child : children_) pipes.push_back({child.pipe.get(), POLLIN, 0});
  if (::poll(pipes.data(), pipes.size(), static_cast<int>(patience.count())) <= 0) return std::nullopt;
  std::size_t index = 0;
  for (auto child = children_.begin(); child != children_.end(); ++child, ++index) {
    if (pipes[index].revents == 0) continue;
    char buffer[16384];
    const ssize_t count = ::read(child->pipe.get(), buffer, sizeof buffer);
    if (count > 0) {
      child->told.append(buffer, static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      Ended ended = end(*child);
      children_.erase(child);
      return ended;
    }
  }
  return std::nullopt;
}

void ChildPool::signal_all(int number) const {
  for (const Child& child : children_) ::kill(child.process, number);
}

}  // namespace changeling::cli
