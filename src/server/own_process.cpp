#include "server/own_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "project/own_program.hpp"
#include "support/error.hpp"
#include "support/spawn.hpp"

namespace changeling::server {
namespace {

void make_nonblocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

}  // namespace

OwnProcess::OwnProcess(Command command) {
  command.session = changeling::Session::Group;
  SpawnedProcess spawned = spawn_ourselves(command);
  process_ = spawned.pid;
  output_ = std::move(spawned.output);
  make_nonblocking(output_.get());
}

OwnProcess::OwnProcess(OwnProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)), output_(std::move(other.output_)) {}

OwnProcess::~OwnProcess() {
  if (process_ < 0) return;
  ::kill(-process_, SIGKILL);
  reap();
}

void OwnProcess::signal(int number) const {
  if (process_ > 0) ::kill(process_, number);
}

ExitStatus OwnProcess::reap() {
  int status = 0;
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  if (WIFSIGNALED(status)) return {std::nullopt, WTERMSIG(status)};
  return {WEXITSTATUS(status), std::nullopt};
}

Command again(const std::vector<std::string>& words, const Environment& environment, const Json& order) {
  Command command;
  command.arguments = {project::helper_program("git-changeling-serve").string()};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  command.environment = environment;
  project::give_order(command, order);
  return command;
}

Conversation make_conversation() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw Error(ErrorKind::Io, fmt::format("could not make a pair of sockets: {}", std::strerror(errno)));
  Conversation made{FileDescriptor(ends[0]), std::make_shared<const FileDescriptor>(ends[1])};
  make_nonblocking(made.ours.get());
  return made;
}

}  // namespace changeling::server
