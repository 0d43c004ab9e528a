#include "run/command_launcher.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "../live_processes.hpp"
#include "../temporary_folder.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

using namespace changeling;
using namespace changeling::run;
using changeling::test::eventually;
using changeling::test::is_alive;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

LaunchRequest request_in(const TemporaryFolder& folder, const std::string& command_line) {
  LaunchRequest request;
  request.run_id = random_id(16);
  request.changeling = "sprite";
  request.agent.name = "command";
  request.command_line = command_line;
  request.prompt = "fix the typos";
  request.prompt_file = folder.write("prompt file.md", request.prompt);
  request.worktree = folder.path();
  request.environment.set("PATH", "/usr/bin:/bin");
  request.environment.set("CHANGELING_RUN", request.run_id);
  request.timeout = 20s;
  return request;
}

LaunchResult launch(const LaunchRequest& request, const LaunchObserver& observer = {}) {
  return CommandLauncher().launch(request, observer);
}

}  // namespace

TEST_CASE("a command line runs in the worktree with the prompt on standard input") {
  TemporaryFolder folder;
  auto request = request_in(folder, "pwd; cat; echo; echo \"run $CHANGELING_RUN\"; echo note >&2");
  std::string transcript;
  std::vector<std::string> activities;
  LaunchObserver observer;
  observer.on_transcript = [&](std::string_view bytes) { transcript.append(bytes); };
  observer.on_progress = [&](const Progress& progress) { activities.push_back(progress.activity); };
  const auto result = launch(request, observer);
  CHECK(result.success);
  CHECK(result.error.empty());
  CHECK(result.ended_by == EndedBy::Itself);
  CHECK(result.exit_status.code == 0);
  CHECK(result.final_text == folder.path().string() + "\nfix the typos\nrun " + request.run_id + "\n");
  CHECK(transcript.find("fix the typos") != std::string::npos);
  CHECK(transcript.find("note\n") != std::string::npos);
  CHECK(std::find(activities.begin(), activities.end(), "note") != activities.end());
}

TEST_CASE("extra arguments of a command line are its positional parameters") {
  TemporaryFolder folder;
  auto request = request_in(folder, "printf '%s|' \"$@\"");
  request.arguments = {"one", "two words"};
  CHECK(launch(request).final_text == "one|two words|");
}

TEST_CASE("placeholders of an agent's command are filled in and keep the prompt from standard input") {
  TemporaryFolder folder;
  auto request = request_in(folder, "");
  request.agent.name = "codex";
  request.arguments = {"--fast"};
  SUBCASE("prompt") {
    request.agent.command = {"/bin/sh",    "-c",    "printf '%s|' \"$@\"; cat", "sh", "{prompt}",
                             "{worktree}", "{name}"};
    CHECK(launch(request).final_text == "fix the typos|" + folder.path().string() + "|sprite|--fast|");
  }
  SUBCASE("prompt file") {
    request.agent.command = {"/bin/sh", "-c", "cat \"$1\" -", "sh", "{prompt_file}"};
    CHECK(launch(request).final_text == "fix the typos");
  }
  SUBCASE("none: standard input") {
    request.agent.command = {"/bin/sh", "-c", "printf '%s|' \"$@\"; cat", "sh"};
    CHECK(launch(request).final_text == "--fast|fix the typos");
  }
}

TEST_CASE("a failing command says its exit code and its last words") {
  TemporaryFolder folder;
  const auto result = launch(request_in(folder, "echo first >&2; echo 'no such option' >&2; exit 3"));
  CHECK_FALSE(result.success);
  CHECK(result.exit_status.code == 3);
  CHECK(result.error == "the command ended with exit code 3: no such option");
}

TEST_CASE("a program that a command line does not find is explained") {
  TemporaryFolder folder;
  const auto result = launch(request_in(folder, "changeling-no-such-program"));
  CHECK_FALSE(result.success);
  CHECK(result.exit_status.code == 127);
  CHECK(result.error.find("a program was not found") != std::string::npos);
}

TEST_CASE("an agent whose program is missing is an error with a hint") {
  TemporaryFolder folder;
  auto request = request_in(folder, "");
  request.agent.name = "codex";
  request.agent.command = {"changeling-no-such-program", "{prompt}"};
  try {
    launch(request);
    FAIL("launched a program that does not exist");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(std::string(error.what()).starts_with("agent 'codex': "));
    CHECK(error.hint().find("[agents.codex]") != std::string::npos);
  }
  request.agent.command.clear();
  CHECK_THROWS_AS(launch(request), Error);
}

TEST_CASE("the time limit ends the command") {
  TemporaryFolder folder;
  auto request = request_in(folder, "while :; do echo busy; sleep 0.02; done");
  request.timeout = 300ms;
  const auto start = steady_clock::now();
  const auto result = launch(request);
  const auto elapsed = steady_clock::now() - start;
  CHECK(result.ended_by == EndedBy::TimeLimit);
  CHECK_FALSE(result.success);
  CHECK(result.error == "ended after the time limit of 300ms");
  CHECK(result.exit_status.signal == 15);
  CHECK(elapsed >= 300ms);
  CHECK(elapsed < 3s);
}

TEST_CASE("a command that prints nothing for too long is ended, one that prints is not") {
  TemporaryFolder folder;
  auto request = request_in(folder, "for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done; sleep 30");
  request.silence_timeout = 500ms;
  const auto start = steady_clock::now();
  const auto result = launch(request);
  CHECK(result.ended_by == EndedBy::SilenceLimit);
  CHECK(result.error == "ended after 500ms without progress");
  CHECK(result.final_text == "1\n2\n3\n4\n5\n6\n7\n8\n");
  CHECK(steady_clock::now() - start >= 1200ms);
}

TEST_CASE("a command that waits for its user is not silent, and its time is limited all the same") {
  TemporaryFolder folder;
  LaunchObserver observer;
  observer.waits_for_answer = [] { return true; };
  auto request = request_in(folder, "sleep 1.5");
  request.silence_timeout = 500ms;
  CHECK(launch(request, observer).success);
  request.timeout = 700ms;
  CHECK(launch(request, observer).ended_by == EndedBy::TimeLimit);
}

TEST_CASE("a command that ignores TERM gets KILL") {
  TemporaryFolder folder;
  auto request = request_in(folder, "trap '' TERM; echo ready; while :; do sleep 0.05; done");
  LaunchObserver observer;
  bool ready = false;
  observer.on_transcript = [&](std::string_view) { ready = true; };
  observer.stop_requested = [&] { return ready ? EndedBy::UserRequest : EndedBy::Itself; };
  const auto start = steady_clock::now();
  const auto result = launch(request, observer);
  CHECK(result.ended_by == EndedBy::UserRequest);
  CHECK(result.error == "stopped on request");
  CHECK(result.exit_status.signal == 9);
  CHECK(steady_clock::now() - start < 8s);
}

TEST_CASE("a lost lease is told apart from a stop by the user") {
  TemporaryFolder folder;
  LaunchObserver observer;
  observer.stop_requested = [] { return EndedBy::LostLease; };
  const auto result = launch(request_in(folder, "sleep 30"), observer);
  CHECK(result.ended_by == EndedBy::LostLease);
  CHECK_FALSE(result.success);
}

TEST_CASE("what the command left behind is ended, also in a session of its own and deaf to TERM") {
  TemporaryFolder folder;
  auto request = request_in(
      folder,
      "setsid sh -c 'trap \"\" TERM; echo $$ >stray; while :; do sleep 0.05; done' >/dev/null 2>&1 &\n"
      "(sleep 60 & echo $! >child)\n"
      "while ! [ -s stray ]; do sleep 0.01; done");
  const auto result = launch(request);
  CHECK(result.success);
  CHECK_FALSE(is_alive(std::stoi(folder.read("stray"))));
  CHECK_FALSE(is_alive(std::stoi(folder.read("child"))));
  CHECK(processes_with_environment("CHANGELING_RUN", request.run_id).empty());
}

TEST_CASE("an observer that throws leaves no agent behind") {
  TemporaryFolder folder;
  auto request = request_in(folder, "setsid sleep 60 & echo hello; sleep 60");
  LaunchObserver observer;
  observer.on_transcript = [](std::string_view) { throw Error(ErrorKind::Io, "disk full"); };
  CHECK_THROWS_AS(launch(request, observer), Error);
  CHECK(processes_with_environment("CHANGELING_RUN", request.run_id).empty());
}

TEST_CASE("only the last part of a flood is kept, and it is valid text") {
  TemporaryFolder folder;
  const auto result = launch(request_in(folder, "seq 1 200000; printf '\\377 end\\n'"));
  CHECK(result.success);
  CHECK(result.final_text.size() <= 64 * 1024 + 8);
  CHECK(result.final_text.ends_with("200000\n\xEF\xBF\xBD end\n"));
  CHECK(result.totals.activity == "\xEF\xBF\xBD end");
}
