#include "sandbox/inside.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "support/ending.hpp"
#include "support/spawn.hpp"

using namespace changeling;

namespace {

struct Ended {
  int code = -1;
  std::optional<int> signal;
};

/// How the first process ends, and what it has written, when the line is its command.
Ended after(const std::string& line) {
  const FileDescriptor file = file_in_memory("");
  const pid_t first = ::fork();
  if (first == 0)
    sandbox::become_inside({"--first", std::to_string(file.get()), "--", "/bin/sh", "-c", line});
  int status = 0;
  ::waitpid(first, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_ending(file)};
}

}  // namespace

TEST_CASE("the first process of a sandbox tells a signal from an exit code") {
  const Ended killed = after("kill -KILL $$");
  CHECK(killed.code == 137);
  CHECK(killed.signal == SIGKILL);
  const Ended ended = after("exit 137");
  CHECK(ended.code == 137);
  CHECK_FALSE(ended.signal);
  CHECK(after("exit 0").code == 0);
}
