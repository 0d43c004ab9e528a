#include "support/keeper.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../live_processes.hpp"
#include "../temporary_folder.hpp"
#include "support/process.hpp"

using namespace changeling;
using changeling::test::eventually;
using changeling::test::is_alive;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

Command kept(const TemporaryFolder& folder, const std::string& line) {
  Command command;
  command.arguments = {"/bin/sh", "-c", line};
  command.working_directory = folder.path();
  command.descendants = Descendants::EndWithIt;
  return command;
}

int number_in(const TemporaryFolder& folder, const std::string& file) {
  return std::stoi(folder.read(file));
}

}  // namespace

TEST_CASE("what a program leaves behind ends with it, in any session and with any environment") {
  TemporaryFolder folder;
  const auto result = SystemProcessRunner().run(
      kept(folder,
           "env -i setsid /bin/sh -c 'echo $$ > one; exec sleep 600' >/dev/null 2>&1 &"
           "(setsid /bin/sh -c '(trap \"\" TERM; sleep 600) & echo $! > two; wait' >/dev/null 2>&1 &);"
           "while ! test -s one || ! test -s two; do sleep 0.01; done; echo done; exit 7"));
  CHECK(result.status.code == 7);
  CHECK(result.output == "done\n");
  CHECK_FALSE(is_alive(number_in(folder, "one")));
  CHECK_FALSE(is_alive(number_in(folder, "two")));
}

TEST_CASE("a kept program that leaves nothing behind is not held up, and its signal is told") {
  TemporaryFolder folder;
  const auto start = std::chrono::steady_clock::now();
  CHECK(SystemProcessRunner().run(kept(folder, "kill -TERM $$")).status.signal == SIGTERM);
  CHECK(SystemProcessRunner().run(kept(folder, "kill -KILL $$")).status.signal == SIGKILL);
  CHECK(SystemProcessRunner().run(kept(folder, "true")).status.success());
  CHECK(std::chrono::steady_clock::now() - start < 2s);
}

TEST_CASE("killing a kept program kills all that it has started, at once") {
  TemporaryFolder folder;
  auto child = ChildProcess::start(
      kept(folder,
           "trap '' TERM; setsid /bin/sh -c 'trap \"\" TERM; echo $$ > other; while :; do sleep 1; done' &"
           "echo $$ > own; while :; do sleep 1; done"),
      ChildProcess::StandardInput::Null);
  const auto written = [&](const std::string& file) {
    return std::filesystem::exists(folder.path() / file) && folder.read(file).ends_with('\n');
  };
  eventually([&] { return written("own") && written("other"); });
  child.kill_all();
  while (child.pump(1s, {}, {})) {
  }
  CHECK(child.exit_status().signal == SIGKILL);
  CHECK_FALSE(is_alive(number_in(folder, "own")));
  CHECK_FALSE(is_alive(number_in(folder, "other")));
}

TEST_CASE("when the leader dies, what it kept dies too") {
  TemporaryFolder folder;
  const pid_t leader = ::fork();
  REQUIRE(leader >= 0);
  if (leader == 0) {
    auto child = ChildProcess::start(
        kept(folder,
             "env -i setsid /bin/sh -c 'echo $$ > other; exec sleep 600' & echo $$ > own; exec sleep 600"),
        ChildProcess::StandardInput::Null);
    while (child.pump(1s, {}, {})) {
    }
    ::_exit(0);
  }
  const auto written = [&](const std::string& file) {
    return std::filesystem::exists(folder.path() / file) && folder.read(file).ends_with('\n');
  };
  eventually([&] { return written("own") && written("other"); });
  ::kill(leader, SIGKILL);
  ::waitpid(leader, nullptr, 0);
  eventually([&] { return !is_alive(number_in(folder, "own")) && !is_alive(number_in(folder, "other")); });
}
