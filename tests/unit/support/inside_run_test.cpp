#include "support/inside_run.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/process.hpp"

using namespace changeling;

TEST_CASE("the variable tells of a run") {
  Environment environment;
  CHECK_FALSE(inside_a_run(environment));
  environment.set("CHANGELING_RUN", "");
  CHECK_FALSE(inside_a_run(environment));
  environment.set("CHANGELING_RUN", "abc");
  CHECK(inside_a_run(environment) == "abc");
}

TEST_CASE("so does a keeper above, however far and whatever the environment says") {
  const pid_t keeper = ::fork();
  if (keeper == 0) {
    ::prctl(PR_SET_NAME, keeper_name);
    const pid_t shell = ::fork();
    if (shell == 0) {
      ::prctl(PR_SET_NAME, "odd ) S 1 name");
      const pid_t program = ::fork();
      if (program == 0) ::_exit(inside_a_run(Environment()) == "a run" ? 0 : 1);
      int status = 0;
      ::waitpid(program, &status, 0);
      ::_exit(WEXITSTATUS(status));
    }
    int status = 0;
    ::waitpid(shell, &status, 0);
    ::_exit(WEXITSTATUS(status));
  }
  int status = 0;
  REQUIRE(::waitpid(keeper, &status, 0) == keeper);
  CHECK(status == 0);
}

TEST_CASE("commands that end with what they have started run below a keeper") {
  Command command;
  command.arguments = {"/bin/sh", "-c", "cat /proc/$PPID/comm"};
  command.descendants = Descendants::EndWithIt;
  std::string output;
  auto child = ChildProcess::start(command, ChildProcess::StandardInput::Null);
  const auto collect = [&](std::string_view bytes) { output += bytes; };
  while (child.pump(std::chrono::milliseconds(100), collect, collect)) {
  }
  CHECK(output == std::string(keeper_name) + "\n");
}
