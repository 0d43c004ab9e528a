#include "support/interrupt.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

using changeling::outlive_readers;

namespace {

/// How a process ends that writes to a pipe without a reader; with 0 when it has seen the error.
int after_writing_to_nobody(bool outlives) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  ::close(ends[0]);
  const pid_t writer = ::fork();
  if (writer == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    if (outlives) outlive_readers();
    const bool fails = ::write(ends[1], "x", 1) < 0 && errno == EPIPE;
    ::_exit(fails ? 0 : 1);
  }
  ::close(ends[1]);
  int status = 0;
  ::waitpid(writer, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("who has more to do than to print outlives its readers") {
  CHECK(after_writing_to_nobody(true) == 0);
  const int ended = after_writing_to_nobody(false);
  REQUIRE(WIFSIGNALED(ended));
  CHECK(WTERMSIG(ended) == SIGPIPE);
}
