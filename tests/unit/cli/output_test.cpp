#include "cli/output.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

#include "support/interrupt.hpp"

using changeling::cli::harmless;

namespace {

constexpr int told_lines = 3000;
const std::string told_line(60, 'x');

/// What arrives of a process that catches interrupts and tells a lot to a reader that keeps interrupting it.
std::string told_under_interrupts(void (*tell_one)()) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  // Of one page, which is filled anew once all of it is read: the teller waits nearly all the time.
  REQUIRE(::fcntl(ends[1], F_SETPIPE_SZ, 4096) > 0);
  std::fflush(stdout);  // What doctest has printed is not told twice.
  const pid_t teller = ::fork();
  if (teller == 0) {
    changeling::catch_interrupts();
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    for (int line = 0; line < told_lines; ++line) tell_one();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string told;
  std::array<char, 64> bytes{};
  // The first bytes show that the interrupts are caught.
  for (ssize_t count = 0; (count = ::read(ends[0], bytes.data(), bytes.size())) > 0; ::kill(teller, SIGINT))
    told.append(bytes.data(), static_cast<std::size_t>(count));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(teller, &status, 0);
  CHECK(status == 0);
  return told;
}

}  // namespace

TEST_CASE("a message commands no terminal") {
  CHECK(harmless("a\x1B[31mb\rc\td") == "a\\u{1b}[31mb c\td");
  // Only a message of ours begins a line.
  CHECK(harmless("one\ntwo\n\nthree") == "one\n  two\n\n  three");
  CHECK(harmless("\none\ntwo") == "\none\n  two");
  CHECK(harmless("").empty());
}

TEST_CASE("of a number without end the beginning is shown") {
  CHECK(harmless("'" + std::string(309, '9') + "' is no number") == "'99999999999999999999…' is no number");
  CHECK(harmless("run 20261120, 12 and " + std::string(64, '1')) ==
        "run 20261120, 12 and " + std::string(64, '1'));
  CHECK(harmless(std::string(65, '1')) == "11111111111111111111…");
}

TEST_CASE("an interrupt cuts off nothing that is being printed or told") {
  CHECK(told_under_interrupts([] { changeling::cli::tell(told_line); }).size() ==
        told_lines * (told_line.size() + 1));
  CHECK(told_under_interrupts([] {
          changeling::cli::print_text(told_line + "\n");
          changeling::cli::flush_out();
        }).size() == told_lines * (told_line.size() + 1));
}
