#include "support/child_pool.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <vector>

#include "support/error.hpp"
#include "support/spawn.hpp"

namespace changeling {
namespace {

// The first letter of what a child sends.
constexpr char said = '+';
constexpr char failed = '!';

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

void ChildPool::start(Command command) {
  command.session = Session::Group;
  SpawnedProcess process = spawn_ourselves(command);
  children_.push_back({process.pid, std::move(process.output), ""});
}

std::string ChildPool::answer(const std::function<std::string()>& work) {
  try {
    return said + work();
  } catch (const Error& error) {
    return failed + (error.hint().empty() ? std::string(error.what())
                                          : fmt::format("{} ({})", error.what(), error.hint()));
  } catch (const std::exception& error) {
    return failed + std::string(error.what());
  }
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

}  // namespace changeling
