#include <doctest/doctest.h>

#include "../live_processes.hpp"
#include "../temporary_folder.hpp"
#include "run/claude_launcher.hpp"
#include "run/command_launcher.hpp"
#include "run/live_server.hpp"
#include "run/mngr_launcher.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

using namespace changeling;
using namespace changeling::run;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

/// An agent with somebody who sends it a message as soon as it says `cue`, and `answers` to that.
struct Talk {
  TemporaryFolder worktree;
  TemporaryFolder run;
  LaunchRequest request;
  std::string cue;
  std::string words = "mind the gap";
  std::vector<Json> answers;

  explicit Talk(const std::string& agent) {
    request.run_id = random_id(16);
    request.changeling = "sprite";
    request.agent.name = agent;
    request.prompt = "fix the typos";
    request.prompt_file = run.write("prompt.md", request.prompt);
    request.worktree = worktree.path();
    request.environment.set("PATH", CHANGELING_TEST_FAKES ":/usr/bin:/bin");
    request.environment.set("CHANGELING_RUN", request.run_id);
    request.environment.set("FAKE_CLAUDE_HEARD", (run.path() / "heard").string());
    request.environment.set("MNGR_HOST_DIR", run.path().string());
    request.timeout = 60s;
    request.grace_after_result = 10s;
  }

  LaunchResult launch(Launcher& launcher) {
    LiveServer server({run.path()}, {}, {});
    std::optional<LineSocket> person;
    LaunchObserver observer;
    observer.live = &server;
    std::string transcript;
    observer.on_transcript = [&](std::string_view bytes) {
      transcript += bytes;
      if (person || transcript.find(cue) == std::string::npos) return;
      person = LineSocket::connect(run.path() / "socket");
      person->send(Json{{"do", "send"}, {"text", words}}.dump());
    };
    LaunchResult result = launcher.launch(request, observer);
    if (person) {
      for (const auto& line : person->receive()) answers.push_back(Json::parse(line));
    }
    return result;
  }

  LaunchResult claude(const std::string& scenario) {
    request.agent.launcher = LauncherKind::Claude;
    request.environment.set("FAKE_CLAUDE", scenario);
    ClaudeLauncher launcher;
    return launch(launcher);
  }
  LaunchResult mngr(const std::string& scenario) {
    request.agent.launcher = LauncherKind::Mngr;
    request.environment.set("FAKE_MNGR", scenario);
    cue = "README.md";
    SystemProcessRunner processes;
    MngrLauncher launcher(processes);
    return launch(launcher);
  }
};

const std::vector<Json> taken{{{"ok", true}}};
/// Its turn goes on.
const std::vector<Json> taken_for_later{{{"ok", true}, {"queued", true}}};

}  // namespace

TEST_CASE("claude takes a message into its turn: one result") {
  Talk talk("claude");
  talk.cue = "I wait for advice.";
  const auto result = talk.claude("folds");
  CHECK(result.success);
  CHECK(talk.answers == taken_for_later);
  CHECK(talk.run.read("heard") == "mind the gap\n");
  CHECK(result.final_text == "All done.\nThe file is written.");
}

TEST_CASE("claude answers a message that waited in a second turn, whose result counts") {
  Talk talk("claude");
  talk.cue = "I do not listen.";
  const auto result = talk.claude("queues");
  CHECK(result.success);
  CHECK(talk.answers == taken_for_later);
  CHECK(result.final_text == "You said: mind the gap");
  CHECK(result.totals.cost_usd == doctest::Approx(0.02));
}

TEST_CASE("the limits hold in the second turn, and without its result there is no success") {
  Talk talk("claude");
  talk.cue = "I do not listen.";
  talk.request.silence_timeout = 2s;
  const auto result = talk.claude("queues_and_hangs");
  CHECK_FALSE(result.success);
  CHECK(result.ended_by == EndedBy::SilenceLimit);
}

TEST_CASE("a message in the moment of the result is refused") {
  Talk talk("claude");
  talk.cue = "\"type\": \"result\"";
  const auto result = talk.claude("success");
  CHECK(result.success);
  // Either the agent was there to hear why not, or the run had ended before anybody listened.
  for (const Json& answer : talk.answers) {
    CHECK(answer["ok"] == false);
    CHECK(answer["reason"].get<std::string>().find("finished its work") != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(talk.run.path() / "heard"));
}

TEST_CASE("a command reads messages as lines when its agent type says so") {
  CommandLauncher launcher;
  Talk talk("talker");
  talk.cue = "ready";
  talk.request.agent.input = AgentInput::Lines;
  talk.request.command_line = "echo ready; read -r line; echo \"got <$line>\"";
  CHECK(talk.launch(launcher).final_text == "ready\ngot <mind the gap>\n");
  CHECK(talk.answers == taken);

  Talk deaf("deaf");
  deaf.cue = "ready";
  deaf.request.command_line = "echo ready; sleep 1; cat";
  CHECK(deaf.launch(launcher).final_text == "ready\nfix the typos");
  REQUIRE(deaf.answers.size() == 1);
  CHECK(deaf.answers[0]["reason"].get<std::string>().find("under [agents.deaf]") != std::string::npos);
}

TEST_CASE("mngr types a message into the agent's terminal") {
  Talk talk("mngr");
  const auto result = talk.mngr("listens");
  CHECK(result.success);
  CHECK(talk.answers == taken);
}

TEST_CASE("an agent at mngr whose turn ended when the message came is not taken for finished") {
  Talk talk("mngr");
  const auto result = talk.mngr("talks");
  CHECK(result.success);
  CHECK(talk.answers == taken);
  CHECK(result.final_text == "I have read your message.");
}

TEST_CASE("mngr that cannot deliver a message is believed") {
  Talk talk("mngr");
  talk.request.timeout = 4s;
  talk.mngr("message_fails");
  for (const Json& answer : talk.answers) CHECK(answer["ok"] == false);
}
