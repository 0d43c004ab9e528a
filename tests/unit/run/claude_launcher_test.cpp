#include "run/claude_launcher.hpp"

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
using changeling::test::is_alive;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

LaunchRequest request_in(const TemporaryFolder& folder, const std::string& scenario) {
  LaunchRequest request;
  request.run_id = random_id(16);
  request.changeling = "sprite";
  request.agent.name = "claude";
  request.agent.launcher = LauncherKind::Claude;
  request.agent.command = {"claude"};
  request.prompt = "fix the typos";
  request.worktree = folder.path();
  request.environment.set("PATH", CHANGELING_TEST_FAKES ":/usr/bin:/bin");
  request.environment.set("CHANGELING_RUN", request.run_id);
  request.environment.set("FAKE_CLAUDE", scenario);
  request.timeout = 20s;
  request.grace_after_result = 10s;
  return request;
}

LaunchResult launch(const LaunchRequest& request, const LaunchObserver& observer = {}) {
  return ClaudeLauncher().launch(request, observer);
}

LaunchResult launch(const std::string& scenario) {
  TemporaryFolder folder;
  return launch(request_in(folder, scenario));
}

std::vector<std::string> arguments_for(LaunchRequest request) {
  return claude_command(request).arguments;
}

}  // namespace

TEST_CASE("claude: a success brings session, totals and closing words") {
  TemporaryFolder folder;
  auto request = request_in(folder, "success");
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
  CHECK(result.final_text == "All done.\nThe file is written.");
  CHECK(result.session_id.size() == 36);
  CHECK(result.totals.turns == 2);
  CHECK(result.totals.tokens->input == 200);
  CHECK(result.totals.tokens->cache_read == 2000);
  CHECK(result.totals.cost_usd == doctest::Approx(0.0123));
  CHECK(folder.read("claude-was-here.txt") == "written by an agent\n");
  CHECK(transcript.find("\"subtype\": \"init\"") != std::string::npos);
  const std::string writing = "Write: " + (folder.path() / "claude-was-here.txt").string();
  CHECK(std::find(activities.begin(), activities.end(), writing) != activities.end());
  CHECK(activities.back() == "The file is written.");
}

TEST_CASE("claude: the prompt, the limits and the environment reach the program") {
  TemporaryFolder folder;
  auto request = request_in(folder, "success");
  request.environment.set("FAKE_CLAUDE_RECORD", (folder.path() / "record").string());
  request.max_turns = 12;
  request.budget_usd = 0.5;
  request.permissions = {"dontAsk", "Write", "Bash(git add *)"};
  request.agent.command = {"claude", "--model", "sonnet"};
  request.arguments = {"--append-system-prompt", "be brief"};
  CHECK(launch(request).success);
  const auto record = parse_json(folder.read("record"), "record");
  CHECK(
      record["arguments"] ==
      Json({"-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose",
            "--max-turns", "12", "--max-budget-usd", "0.5", "--permission-mode", "dontAsk", "--allowedTools",
            "Write,Bash(git add *)", "--model", "sonnet", "--append-system-prompt", "be brief"}));
  CHECK(record["prompt"] == "fix the typos");
  CHECK(record["cwd"] == folder.path().string());
  CHECK(record["environment"]["DISABLE_AUTOUPDATER"] == "1");
  CHECK(record["environment"]["CHANGELING_RUN"] == request.run_id);
  CHECK_FALSE(record["environment"].contains("HOME"));
}

TEST_CASE("claude: permissions become a mode and rules") {
  LaunchRequest request;
  const std::vector<std::string> plain{"claude",          "-p",          "--input-format", "stream-json",
                                       "--output-format", "stream-json", "--verbose"};
  const auto with = [&](std::vector<std::string> more) {
    auto all = plain;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  CHECK(arguments_for(request) == with({"--permission-mode", "acceptEdits"}));
  request.permissions = {"plan"};
  CHECK(arguments_for(request) == with({"--permission-mode", "plan"}));
  request.permissions = {"mode:someNewMode", "Read"};
  CHECK(arguments_for(request) == with({"--permission-mode", "someNewMode", "--allowedTools", "Read"}));
  request.permissions = {"Read", "Edit"};
  CHECK(arguments_for(request) == with({"--allowedTools", "Read,Edit"}));
}

TEST_CASE("claude: a refused tool is told, and is no verdict") {
  const auto result = launch("denied");
  CHECK(result.success);
  CHECK(result.denials == std::vector<std::string>{"Bash: git push origin HEAD"});
  CHECK_FALSE(result.waits_for_permission);
}

TEST_CASE("claude: what goes on in the background is waited for, longer than the grace") {
  TemporaryFolder folder;
  auto request = request_in(folder, "in_background");
  request.grace_after_result = 300ms;
  request.environment.set("FAKE_CLAUDE_PAUSE", "1.5");
  const auto result = launch(request);
  CHECK(result.success);
  CHECK(result.ended_by == EndedBy::Itself);
  CHECK(result.final_text == "All done.\nThe file is written.");
  CHECK(folder.read("claude-was-here.txt") == "written by an agent\n");
  CHECK(result.totals.turns == 4);
  CHECK(result.totals.tokens->input == 400);
  CHECK(result.totals.tokens->cache_write == 40);
  CHECK(result.totals.cost_usd == doctest::Approx(0.0246));
}

TEST_CASE("claude: the limits hold for what goes on in the background") {
  TemporaryFolder folder;
  auto request = request_in(folder, "never_ends_in_background");
  request.grace_after_result = 100ms;
  request.silence_timeout = 1s;
  const auto result = launch(request);
  CHECK_FALSE(result.success);
  CHECK(result.ended_by == EndedBy::SilenceLimit);
  CHECK(result.error == "ended after 1s without progress, while this went on in the background: a server");
}

TEST_CASE("claude: an end before that of its background work is no success") {
  const auto result = launch("leaves_background");
  CHECK_FALSE(result.success);
  CHECK(result.error == "ended before what it had going on in the background: tests");
}

TEST_CASE("claude: half a sentence is no success, although the program says completed") {
  const auto result = launch("cut_off");
  CHECK_FALSE(result.success);
  CHECK(result.error == "the model's last answer was cut off: I have writ");
}

TEST_CASE("claude: too many turns") {
  TemporaryFolder folder;
  auto request = request_in(folder, "max_turns");
  request.max_turns = 4;
  const auto result = launch(request);
  CHECK_FALSE(result.success);
  CHECK(result.error == "reached 4 turns");
  CHECK_FALSE(result.over_budget);
  CHECK(result.totals.turns == 4);
}

TEST_CASE("claude: too much money") {
  TemporaryFolder folder;
  auto request = request_in(folder, "budget");
  request.budget_usd = 2;
  const auto result = launch(request);
  CHECK_FALSE(result.success);
  CHECK(result.over_budget);
  CHECK(result.error == "spent $2.03 of a budget of $2.00");
}

TEST_CASE("claude: an API error is an error, although its subtype is success") {
  const auto result = launch("api_error");
  CHECK_FALSE(result.success);
  CHECK(result.error == "API Error: Request rejected (429) · slow down");
  CHECK(result.exit_status.code == 1);
}

TEST_CASE("claude: not logged in says what to type") {
  const auto result = launch("not_logged_in");
  CHECK_FALSE(result.success);
  CHECK(result.error.find("claude auth login") != std::string::npos);
  CHECK(result.error.find("ANTHROPIC_API_KEY") != std::string::npos);
}

TEST_CASE("claude: one that lives on after its result is ended, and its result stands") {
  TemporaryFolder folder;
  auto request = request_in(folder, "hang_after_result");
  request.grace_after_result = 300ms;
  const auto start = steady_clock::now();
  const auto result = launch(request);
  CHECK(result.ended_by == EndedBy::LivedOnAfterResult);
  CHECK(result.success);
  CHECK(result.error.empty());
  CHECK(result.final_text == "All done.\nThe file is written.");
  CHECK(result.exit_status.signal == 15);
  CHECK(steady_clock::now() - start < 5s);
}

TEST_CASE("claude: one that lives on after a bad result has failed") {
  TemporaryFolder folder;
  auto request = request_in(folder, "hang_after_error");
  request.grace_after_result = 100ms;
  const auto result = launch(request);
  CHECK(result.ended_by == EndedBy::LivedOnAfterResult);
  CHECK_FALSE(result.success);
  CHECK(result.error == "API Error: 500");
}

TEST_CASE("claude: silence is ended") {
  TemporaryFolder folder;
  auto request = request_in(folder, "silent");
  request.silence_timeout = 400ms;
  const auto result = launch(request);
  CHECK(result.ended_by == EndedBy::SilenceLimit);
  CHECK_FALSE(result.success);
  CHECK(result.error == "ended after 400ms without progress");
}

TEST_CASE("claude: a storm of retries is silence") {
  TemporaryFolder folder;
  auto request = request_in(folder, "retry_storm");
  request.silence_timeout = 2s;
  const auto start = steady_clock::now();
  const auto result = launch(request);
  CHECK(result.ended_by == EndedBy::SilenceLimit);
  CHECK(result.totals.activity.starts_with("API request failed (429), retry "));
  CHECK(steady_clock::now() - start < 30s);
}

TEST_CASE("claude: a stop request is obeyed, with KILL when TERM is ignored") {
  TemporaryFolder folder;
  auto request = request_in(folder, "stubborn");
  bool ready = false;
  LaunchObserver observer;
  observer.on_progress = [&](const Progress&) { ready = true; };
  observer.stop_requested = [&] { return ready ? EndedBy::UserRequest : EndedBy::Itself; };
  const auto result = launch(request, observer);
  CHECK(result.ended_by == EndedBy::UserRequest);
  CHECK_FALSE(result.success);
  CHECK(result.error == "stopped on request");
  CHECK(result.exit_status.signal == 9);
}

TEST_CASE("claude: without a result there is no success") {
  const auto truncated = launch("truncated");
  CHECK_FALSE(truncated.success);
  CHECK(truncated.error == "ended without a result (exit code 0)");
  const auto died = launch("dies");
  CHECK_FALSE(died.success);
  CHECK(died.error == "ended without a result (signal 9 (Killed))");
  CHECK(died.session_id.size() == 36);
}

TEST_CASE("claude: a bad exit code after a good result is no success") {
  const auto result = launch("exits_nonzero");
  CHECK_FALSE(result.success);
  CHECK(result.error == "ended with exit code 3 after a good result");
}

TEST_CASE("claude: lines that are no events do no harm") {
  TemporaryFolder folder;
  std::string transcript;
  LaunchObserver observer;
  observer.on_transcript = [&](std::string_view bytes) { transcript.append(bytes); };
  CHECK(launch(request_in(folder, "garbage"), observer).success);
  CHECK(transcript.find("warning: this line is not JSON\n") != std::string::npos);
}

TEST_CASE("claude: its tools in sessions of their own are ended with it") {
  TemporaryFolder folder;
  auto request = request_in(folder, "spawns_orphan");
  request.environment.set("FAKE_CLAUDE_ORPHAN", (folder.path() / "orphan").string());
  CHECK(launch(request).success);
  CHECK_FALSE(is_alive(std::stoi(folder.read("orphan"))));
}

TEST_CASE("claude: an option it does not know says what to do") {
  TemporaryFolder folder;
  auto request = request_in(folder, "success");
  request.arguments = {"--no-such-option"};
  const auto result = launch(request);
  CHECK_FALSE(result.success);
  CHECK(result.error.find("unknown option '--no-such-option'") != std::string::npos);
  CHECK(result.error.find("claude update") != std::string::npos);
}

TEST_CASE("claude: a missing program is an error with a hint") {
  TemporaryFolder folder;
  auto request = request_in(folder, "success");
  request.environment.set("PATH", folder.path().string());
  try {
    launch(request);
    FAIL("launched a program that does not exist");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::NotFound);
    CHECK(error.hint().find("@anthropic-ai/claude-code") != std::string::npos);
  }
}
