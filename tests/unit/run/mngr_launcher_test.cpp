#include "run/mngr_launcher.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "../live_processes.hpp"
#include "../temporary_folder.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

using namespace changeling;
using namespace changeling::run;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

/// A worktree, and the folder in which the stand-in for mngr keeps its agents.
struct Place {
  TemporaryFolder worktree;
  TemporaryFolder host;
  LaunchRequest request;

  explicit Place(const std::string& scenario) {
    request.run_id = random_id(16);
    request.changeling = "sprite";
    request.agent.name = "mngr";
    request.agent.launcher = LauncherKind::Mngr;
    request.agent.command = {"mngr"};
    request.prompt = "fix the typos";
    request.prompt_file = host.write("prompt.md", request.prompt);
    request.worktree = worktree.path();
    request.environment.set("PATH", CHANGELING_TEST_FAKES ":/usr/bin:/bin");
    request.environment.set("MNGR_HOST_DIR", host.path().string());
    request.environment.set("CHANGELING_RUN", request.run_id);
    request.environment.set("FAKE_MNGR", scenario);
    request.timeout = 60s;
  }

  LaunchResult launch(const LaunchObserver& observer = {}) const {
    SystemProcessRunner runner;
    return MngrLauncher(runner).launch(request, observer);
  }

  std::vector<Json> calls() const {
    std::vector<Json> all;
    for (const auto& line : split_lines(host.read("calls.jsonl"))) all.push_back(parse_json(line, "calls"));
    return all;
  }

  std::vector<std::string> commands() const {
    std::vector<std::string> names;
    for (const auto& call : calls()) names.push_back(call["arguments"][0]);
    return names;
  }

  bool has_agents() const {
    const auto folder = host.path() / "agents";
    return std::filesystem::exists(folder) && !std::filesystem::is_empty(folder);
  }
};

}  // namespace

TEST_CASE("mngr: an agent works in the worktree, is followed, and removed at the end") {
  const Place place("success");
  std::string transcript;
  std::vector<std::string> activities;
  LaunchObserver observer;
  observer.on_transcript = [&](std::string_view bytes) { transcript.append(bytes); };
  observer.on_progress = [&](const Progress& progress) { activities.push_back(progress.activity); };
  const auto result = place.launch(observer);
  CHECK(result.error == "");
  CHECK(result.success);
  CHECK(result.ended_by == EndedBy::Itself);
  CHECK(result.final_text == "All done.\nThe file is written.");
  CHECK(result.totals.turns == 2);
  CHECK(result.totals.tokens->input == 200);
  CHECK_FALSE(result.totals.cost_usd);
  CHECK(place.worktree.read("mngr-was-here.txt") == "written by an agent\n");
  CHECK(transcript.find("\"agent_id\"") != std::string::npos);
  CHECK(transcript.find("\"message\":\"fix the typos\"") != std::string::npos);
  CHECK(activities == std::vector<std::string>{"Write: mngr-was-here.txt", "The file is written."});
  CHECK_FALSE(place.has_agents());
  const auto commands = place.commands();
  CHECK(commands.front() == "plugin");
  CHECK(commands.at(1) == "create");
  CHECK(commands.back() == "destroy");
  CHECK(std::find(commands.begin(), commands.end(), "stop") == commands.end());
  for (const auto& call : place.calls()) CHECK_FALSE(call["environment"].contains("CHANGELING_RUN"));
}

TEST_CASE("mngr: the transcript may follow the state late") {
  CHECK(Place("late_transcript").launch().success);
}

TEST_CASE("mngr: an agent that waits for a permission is denied") {
  const Place place("denied");
  const auto result = place.launch();
  CHECK_FALSE(result.success);
  CHECK(result.denials == std::vector<std::string>{"Bash: git push origin HEAD"});
  CHECK(result.error == "waits for a permission that nobody can give: Bash: git push origin HEAD");
  CHECK_FALSE(place.has_agents());
}

TEST_CASE("mngr: an agent that ends in the middle of its turn has failed") {
  const Place place("crash");
  const auto result = place.launch();
  CHECK_FALSE(result.success);
  CHECK(result.error == "the agent's program ended before its turn was over");
  CHECK_FALSE(place.has_agents());
}

TEST_CASE("mngr: an agent that waits without having said anything needs a login") {
  const Place place("onboarding");
  const auto result = place.launch();
  CHECK_FALSE(result.success);
  CHECK(result.error.find("log in") != std::string::npos);
  CHECK_FALSE(place.has_agents());
}

TEST_CASE("mngr: an agent stopped by somebody else has failed") {
  const Place place("stopped");
  const auto result = place.launch();
  CHECK_FALSE(result.success);
  CHECK(result.error.find("was stopped from outside") != std::string::npos);
}

namespace {

/// An agent of mngr's type `command` that runs `line`.
struct CommandPlace : Place {
  explicit CommandPlace(const std::string& line) : Place("success") {
    request.agent.command = {"mngr", "--type", "command"};
    request.arguments = {line};
  }
};

}  // namespace

TEST_CASE("mngr: a command works for as long as it takes, and its output is what is shown of it") {
  // Longer than an agent that talks may be silent while it is WAITING.
  const CommandPlace place("sleep 6; echo done >made; echo printed; echo wrong >&2");
  std::string output;
  LaunchObserver observer;
  observer.on_transcript = [&](std::string_view bytes) { output.append(bytes); };
  const auto result = place.launch(observer);
  CHECK(result.error == "");
  CHECK(result.success);
  CHECK(output == "printed\nwrong\n");
  CHECK(place.worktree.read("made") == "done\n");
  CHECK_FALSE(place.has_agents());
}

TEST_CASE("mngr: a command that fails has failed, although mngr says only that it is done") {
  const auto result = CommandPlace("echo 'no such file'; exit 3").launch();
  CHECK_FALSE(result.success);
  CHECK(result.exit_status.code == 3);
  CHECK(result.error == "the agent ended with exit code 3");
}

TEST_CASE("mngr: a command that has not begun is not taken for one that has ended") {
  CommandPlace place("echo done >made");
  place.request.environment.set("FAKE_MNGR", "late_command");
  CHECK(place.launch().success);
  CHECK(place.worktree.read("made") == "done\n");
}

TEST_CASE("mngr: the prompt is never typed into the shell that a command leaves") {
  CommandPlace place("true");
  place.request.prompt_file = place.host.write("prompt.md", "touch typed");
  CHECK(place.launch().success);
  CHECK_FALSE(std::filesystem::exists(place.worktree.path() / "typed"));
}

TEST_CASE("mngr: several arguments of a command stay what they are") {
  CommandPlace place("");
  place.request.arguments = {"printf", "%s|", "it's", "a b", "$HOME"};
  std::string output;
  LaunchObserver observer;
  observer.on_transcript = [&](std::string_view bytes) { output.append(bytes); };
  CHECK(place.launch(observer).success);
  CHECK(output == "it's|a b|$HOME|");
}

TEST_CASE("mngr: packages that are missing are named before anything is created") {
  Place place("success");
  place.request.environment.set("FAKE_MNGR_PLUGINS", "local");
  try {
    place.launch();
    FAIL("created an agent that cannot be followed");
  } catch (const Error& error) {
    CHECK(std::string(error.what()).find("imbue-mngr-wait and imbue-mngr-claude") != std::string::npos);
  }
  CHECK(place.commands() == std::vector<std::string>{"plugin"});
  place.request.environment.set("FAKE_MNGR_PLUGINS", "local wait");
  place.request.agent.command = {"mngr", "--type=command"};
  place.request.arguments = {"true"};
  CHECK(place.launch().success);
}

TEST_CASE("mngr: a create that fails takes the worktree down and is explained all the same") {
  const Place place("create_fails");
  const auto result = place.launch();
  CHECK_FALSE(std::filesystem::exists(place.worktree.path()));
  CHECK(result.error == "'mngr create' ended with exit code 1: Error: tmux is not installed");
  CHECK(place.commands().back() == "destroy");
}

TEST_CASE("mngr: a transcript that does not grow is silence, one that grows is not") {
  Place silent("silent");
  silent.request.silence_timeout = 1500ms;
  const auto result = silent.launch();
  CHECK(result.ended_by == EndedBy::SilenceLimit);
  CHECK(result.error == "ended after 1s500ms without progress");
  CHECK_FALSE(silent.has_agents());
  const auto commands = silent.commands();
  CHECK(std::find(commands.begin(), commands.end(), "stop") != commands.end());

  Place busy("busy");
  busy.request.silence_timeout = 2s;
  CHECK(busy.launch().success);
}

TEST_CASE("mngr: the time limit and a stop request end and remove the agent") {
  Place limited("silent");
  limited.request.timeout = 800ms;
  CHECK(limited.launch().ended_by == EndedBy::TimeLimit);
  CHECK_FALSE(limited.has_agents());

  const Place stopped("silent");
  LaunchObserver observer;
  bool begun = false;
  observer.on_progress = [&](const Progress&) { begun = true; };
  const auto start = steady_clock::now();
  observer.stop_requested = [&] {
    return begun || steady_clock::now() > start + 1s ? EndedBy::UserRequest : EndedBy::Itself;
  };
  const auto result = stopped.launch(observer);
  CHECK(result.ended_by == EndedBy::UserRequest);
  CHECK(result.error == "stopped on request");
  CHECK_FALSE(stopped.has_agents());
  CHECK(steady_clock::now() - start < 10s);
}

TEST_CASE("mngr: a stop request is obeyed while the agent is being created") {
  const Place place("create_hangs");
  LaunchObserver observer;
  observer.stop_requested = [] { return EndedBy::UserRequest; };
  CHECK(place.launch(observer).ended_by == EndedBy::UserRequest);
}

TEST_CASE("mngr: what the agent left behind is ended") {
  const Place place("orphan");
  CHECK(place.launch().success);
  CHECK(processes_with_environment("CHANGELING_RUN", place.request.run_id).empty());
}

TEST_CASE("mngr: failures of its commands are explained, and the agent is removed all the same") {
  const std::vector<std::pair<std::string, std::string>> expected{
      {"create_fails", "'mngr create' ended with exit code 1: Error: tmux is not installed"},
      {"create_provider", "cannot reach the provider"},
      {"create_dialog", "stuck on a dialog"},
      {"wait_fails", "'mngr wait' ended with exit code 1: Error: lost the connection to tmux"},
      {"destroy_processes", "are still running"},
      {"destroy_local_state", "left files"},
      {"destroy_host", "may cost money"}};
  for (const auto& one : expected) {
    // Clang 14 does not let doctest capture a structured binding.
    const auto& scenario = one.first;
    const auto& part = one.second;
    CAPTURE(scenario);
    const Place place(scenario);
    const auto result = place.launch();
    CHECK_FALSE(result.success);
    CHECK(result.error.find(part) != std::string::npos);
    CHECK_FALSE(place.has_agents());
  }
}

TEST_CASE("mngr: an option it does not know is no timeout") {
  Place place("success");
  place.request.agent.command = {"mngr", "--await-agent-stopped"};
  const auto result = place.launch();
  CHECK_FALSE(result.success);
  CHECK(result.error.find("No such option: --await-agent-stopped") != std::string::npos);
}

TEST_CASE("mngr: a missing or old program is an error with a hint") {
  Place missing("success");
  missing.request.environment.set("PATH", missing.host.path().string());
  try {
    missing.launch();
    FAIL("launched a program that does not exist");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(error.hint().find("imbue-mngr") != std::string::npos);
  }
  Place old("success");
  old.request.environment.set("FAKE_MNGR_VERSION", "mngr 0.1.4");
  CHECK_THROWS_AS(old.launch(), Error);
  CHECK_FALSE(old.has_agents());
}
