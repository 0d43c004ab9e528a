#include "support/process.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>

#include "../live_processes.hpp"
#include "../temporary_folder.hpp"
#include "support/error.hpp"

using namespace changeling;
using changeling::test::eventually;
using changeling::test::is_alive;
using changeling::test::TemporaryFolder;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

Environment variables(std::map<std::string, std::string> values) {
  return Environment(std::move(values));
}

Command shell(const std::string& line) {
  Command command;
  command.arguments = {"/bin/sh", "-c", line};
  return command;
}

}  // namespace

TEST_CASE("somebody may end a program at any time, with what it has started and whatever it ignores") {
  const TemporaryFolder folder;
  const auto started = steady_clock::now();
  Command command = shell("trap '' TERM; sleep 60 & echo $! > child; echo ready; wait; sleep 60");
  command.working_directory = folder.path();
  command.stop_requested = [&] { return std::filesystem::exists(folder.path() / "child"); };
  const auto result = SystemProcessRunner().run(command, std::chrono::minutes(1));
  CHECK(result.stopped);
  CHECK_FALSE(result.timed_out);
  CHECK_FALSE(result.status.success());
  CHECK(steady_clock::now() - started < std::chrono::seconds(2));
}

TEST_CASE("a program's output, errors and exit code are collected apart") {
  const auto result = SystemProcessRunner().run(shell("echo out; echo err >&2; exit 3"));
  CHECK(result.output == "out\n");
  CHECK(result.error == "err\n");
  CHECK(result.status.code == 3);
  CHECK_FALSE(result.status.signal);
  CHECK_FALSE(result.timed_out);
  CHECK(result.status.describe() == "exit code 3");
  CHECK_FALSE(result.status.success());
}

TEST_CASE("an end by signal is told apart from an exit code") {
  const auto result = SystemProcessRunner().run(shell("kill -TERM $$"));
  CHECK(result.status.signal == SIGTERM);
  CHECK(result.status.shell_code() == 143);
  CHECK(result.status.describe() == "signal 15 (Terminated)");
}

TEST_CASE("megabytes go through standard input and output without a deadlock") {
  Command command = shell("cat");
  for (int line = 0; line < 300000; ++line) command.standard_input += "line " + std::to_string(line) + "\n";
  const auto result = SystemProcessRunner().run(command);
  CHECK(result.output.size() == command.standard_input.size());
  CHECK((result.output == command.standard_input));
}

TEST_CASE("a program that does not read its input harms nobody") {
  Command command = shell("exec <&-; echo done");
  command.standard_input.assign(1 << 20, 'x');
  const auto result = SystemProcessRunner().run(command);
  CHECK(result.status.success());
  CHECK(result.output == "done\n");
}

TEST_CASE("without input the program reads an empty one and has no terminal") {
  CHECK(SystemProcessRunner().run(shell("cat; (: </dev/tty) 2>/dev/null || echo no terminal")).output ==
        "no terminal\n");
}

TEST_CASE("the environment of the command replaces the whole environment") {
  Command command = shell("echo \"[$ONLY]\"; /usr/bin/env | /bin/grep -c ^HOME=");
  command.environment = variables({{"ONLY", "this"}});
  CHECK(SystemProcessRunner().run(command).output == "[this]\n0\n");
}

TEST_CASE("the program is looked up on the PATH of the command's environment") {
  TemporaryFolder folder;
  folder.write_script("changeling-test-program", "#!/bin/sh\necho found \"$1\"\n");
  Command command;
  command.arguments = {"changeling-test-program", "with argument"};
  command.environment = variables({{"PATH", "/nonexistent:" + folder.path().string()}});
  CHECK(SystemProcessRunner().run(command).output == "found with argument\n");

  command.environment = variables({{"PATH", "/usr/bin:/bin"}});
  try {
    SystemProcessRunner().run(command);
    FAIL("started a program that is not on PATH");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(std::string(error.what()) == "cannot start 'changeling-test-program': no such program on PATH");
    CHECK_FALSE(error.hint().empty());
  }
}

TEST_CASE("what cannot be executed is not found, and says why") {
  TemporaryFolder folder;
  Command command;
  std::string reason;
  SUBCASE("no execute permission") {
    command.arguments = {folder.write_script("plain", "text").string()};
    std::filesystem::permissions(command.arguments[0], std::filesystem::perms::owner_read);
    reason = "no such executable file";
  }
  SUBCASE("interpreter missing") {
    command.arguments = {folder.write_script("script", "#!/nonexistent/interpreter\n").string()};
    reason = "interpreter";
  }
  SUBCASE("neither program nor script") {
    command.arguments = {folder.write_script("data", "no first line\n").string()};
    reason = "'#!'";
  }
  try {
    SystemProcessRunner().run(command);
    FAIL("started it");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(std::string(error.what()).find(reason) != std::string::npos);
  }
}

TEST_CASE("the working directory is entered; a missing one is an error of its own") {
  TemporaryFolder folder;
  Command command = shell("pwd");
  command.working_directory = folder.path();
  CHECK(SystemProcessRunner().run(command).output ==
        std::filesystem::canonical(folder.path()).string() + "\n");
  command.working_directory = folder.path() / "missing";
  try {
    SystemProcessRunner().run(command);
    FAIL("ran in a folder that does not exist");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Io);
    CHECK(std::string(error.what()).find("missing") != std::string::npos);
  }
}

TEST_CASE("a relative program is looked up from the command's working directory") {
  TemporaryFolder folder;
  folder.write_script("here", "#!/bin/sh\necho here\n");
  Command command;
  command.arguments = {"./here"};
  command.working_directory = folder.path();
  CHECK(SystemProcessRunner().run(command).output == "here\n");
}

TEST_CASE("the time limit ends the whole process group, also those that ignore TERM") {
  TemporaryFolder folder;
  Command command =
      shell("sh -c 'trap \"\" TERM; echo $$ >stubborn; while :; do sleep 1; done' & echo started; wait");
  command.working_directory = folder.path();
  const auto start = steady_clock::now();
  const auto result = SystemProcessRunner().run(command, milliseconds(300));
  const auto elapsed = steady_clock::now() - start;
  CHECK(result.timed_out);
  CHECK(result.output == "started\n");
  CHECK(elapsed >= milliseconds(300));
  CHECK(elapsed < milliseconds(4000));
  const int stubborn = std::stoi(folder.read("stubborn"));
  eventually([&] { return !is_alive(stubborn); });
}

TEST_CASE("a background process that keeps the pipes open does not delay the end") {
  TemporaryFolder folder;
  Command command = shell("sleep 30 & echo $! >pid; echo last words");
  command.working_directory = folder.path();
  const auto start = steady_clock::now();
  const auto result = SystemProcessRunner().run(command);
  CHECK(steady_clock::now() - start < std::chrono::seconds(5));
  CHECK(result.output == "last words\n");
  ::kill(std::stoi(folder.read("pid")), SIGKILL);
}

TEST_CASE("the child's signal dispositions and mask are the default ones") {
  struct sigaction ignored {};
  struct sigaction before {};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGUSR1, &ignored, &before);
  sigset_t blocked;
  sigset_t mask_before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR2);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &mask_before);
  const auto usr1 = SystemProcessRunner().run(shell("kill -USR1 $$; echo survived"));
  const auto usr2 = SystemProcessRunner().run(shell("kill -USR2 $$; echo survived"));
  ::pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
  ::sigaction(SIGUSR1, &before, nullptr);
  CHECK(usr1.status.signal == SIGUSR1);
  CHECK(usr2.status.signal == SIGUSR2);
}

TEST_CASE("a process that ignores SIGCHLD still learns exit codes") {
  const auto before = ::signal(SIGCHLD, SIG_IGN);
  const auto result = SystemProcessRunner().run(shell("exit 7"));
  ::signal(SIGCHLD, before);
  CHECK(result.status.code == 7);
}

TEST_CASE("no descriptor but the standard ones is inherited") {
  const int leaky = ::dup(STDOUT_FILENO);  // Without close-on-exec, as a library might have it.
  const auto result = SystemProcessRunner().run(shell("ls /proc/self/fd"));
  ::close(leaky);
  CHECK(result.output == "0\n1\n2\n3\n");  // 3 is the folder that ls itself reads.
}

TEST_CASE("output of a running program arrives as it is printed") {
  auto child = ChildProcess::start(shell("echo first; read line; echo \"got $line\""),
                                   ChildProcess::StandardInput::Pipe);
  std::string output;
  const auto collect = [&](std::string_view bytes) { output.append(bytes); };
  eventually([&] {
    CHECK(child.pump(milliseconds(100), collect, nullptr));
    return output == "first\n";
  });
  CHECK(child.running());
  CHECK_THROWS_AS(child.exit_status(), Error);
  CHECK(child.write_input("hello\n"));
  child.close_input();
  while (child.pump(milliseconds(1000), collect, nullptr)) {
  }
  CHECK(output == "first\ngot hello\n");
  CHECK(child.exit_status().success());
  CHECK_FALSE(child.running());
}

TEST_CASE("waiting for a silent program returns on time and not earlier") {
  auto child = ChildProcess::start(shell("sleep 30"), ChildProcess::StandardInput::Null);
  const auto start = steady_clock::now();
  CHECK(child.pump(milliseconds(150), nullptr, nullptr));
  const auto elapsed = steady_clock::now() - start;
  CHECK(elapsed >= milliseconds(150));
  CHECK(elapsed < milliseconds(1000));
}

TEST_CASE("writing to a program that closed its input says so") {
  auto child =
      ChildProcess::start(shell("exec <&-; echo closed; sleep 30"), ChildProcess::StandardInput::Pipe);
  std::string output;
  eventually([&] {
    child.pump(
        milliseconds(100), [&](std::string_view bytes) { output.append(bytes); }, nullptr);
    return !output.empty();
  });
  CHECK_FALSE(child.write_input("nobody reads this\n"));
}

TEST_CASE("destruction ends the whole group of a running program") {
  TemporaryFolder folder;
  Command command = shell("sleep 60 & echo $! >child; echo ready; wait");
  command.working_directory = folder.path();
  int leader = 0;
  {
    auto child = ChildProcess::start(command, ChildProcess::StandardInput::Null);
    leader = child.pid();
    std::string output;
    eventually([&] {
      child.pump(
          milliseconds(100), [&](std::string_view bytes) { output.append(bytes); }, nullptr);
      return !output.empty();
    });
  }
  CHECK_FALSE(is_alive(leader));
  const int grandchild = std::stoi(folder.read("child"));
  eventually([&] { return !is_alive(grandchild); });
}

TEST_CASE("a program adds itself to its control groups before anything of it runs") {
  const TemporaryFolder folder;
  // A plain file in the place of the kernel's: what is written there is seen.
  const auto members = folder.path() / "members";
  Command command = shell("cat '" + members.string() + "'; ls /proc/self/fd");
  const FileDescriptor opened(::open(members.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  constexpr int unlike_others = 97;
  command.groups = {std::make_shared<FileDescriptor>(::fcntl(opened.get(), F_DUPFD_CLOEXEC, unlike_others))};
  const ProcessResult result = SystemProcessRunner().run(command);
  REQUIRE(result.status.success());
  CHECK(result.output.starts_with("0"));
  CHECK(result.output.find("97") == std::string::npos);
}

TEST_CASE("processes are found by an environment variable, also in sessions of their own") {
  TemporaryFolder folder;
  const std::string mark = folder.path().filename().string();
  CHECK(processes_with_environment("CHANGELING_TEST_MARK", mark).empty());
  Command command = shell("setsid sleep 60 >/dev/null 2>&1 & :");
  command.environment = variables({{"PATH", "/usr/bin:/bin"}, {"CHANGELING_TEST_MARK", mark}});
  SystemProcessRunner().run(command);
  std::vector<int> found;
  eventually([&] {
    found = processes_with_environment("CHANGELING_TEST_MARK", mark);
    return found.size() == 1;
  });
  CHECK(processes_with_environment("CHANGELING_TEST_MARK", mark.substr(0, mark.size() - 1)).empty());
  ::kill(found.front(), SIGKILL);
  eventually([&] { return processes_with_environment("CHANGELING_TEST_MARK", mark).empty(); });
}

TEST_CASE("a program is found only in absolute folders of PATH") {
  TemporaryFolder folder;
  const auto script = folder.write_script("tool", "#!/bin/sh\n");
  folder.write_script("not-executable", "text");
  std::filesystem::permissions(folder.path() / "not-executable", std::filesystem::perms::owner_read);
  const Environment environment = variables({{"PATH", ":relative:" + folder.path().string()}});
  CHECK(find_program("tool", environment) == script);
  CHECK_FALSE(find_program("not-executable", environment));
  CHECK_FALSE(find_program("tool", variables({{"PATH", "."}})));
  CHECK_FALSE(find_program("", environment));
  CHECK(find_program("sh", Environment()));  // No PATH: what a shell would search.
  CHECK(find_program(script.string(), Environment()) == script);
}

TEST_CASE("words are quoted so that a shell reads them back") {
  CHECK(shell_quote("plain-word_1.txt") == "plain-word_1.txt");
  CHECK(shell_quote("--option=value") == "--option=value");
  CHECK(shell_quote("NAME=value") == "'NAME=value'");
  CHECK(shell_quote("") == "''");
  CHECK(shell_quote("it's") == "'it'\\''s'");
  for (const std::string word : {"two words", "$HOME", "a\nb", "`ls`", "~", "*", "\\", "'\"'", "ä"}) {
    CHECK(SystemProcessRunner().run(shell("printf %s " + shell_quote(word))).output == word);
  }
}
