#include "notify/alerts.hpp"

#include <doctest/doctest.h>

#include <condition_variable>

#include "../recording_programs.hpp"
#include "../temporary_folder.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::notify;
using changeling::test::RecordingPrograms;
using changeling::test::TemporaryFolder;

namespace {

AlertSettings on(const std::string& event, const std::vector<std::string>& lines) {
  AlertSettings settings;
  settings.commands[event] = lines;
  return settings;
}

AlertTerms terms(std::map<std::string, std::string> variables = {}) {
  AlertTerms result;
  variables.emplace("PATH", "/usr/bin:/bin");
  result.environment = Environment(std::move(variables));
  result.working_directory = "/";
  return result;
}

struct Problems {
  Alerts::OnProblem collect() {
    return [this](const std::string& sentence) { said.push_back(sentence); };
  }
  std::vector<std::string> said;
};

}  // namespace

TEST_CASE("alerts are read from the configuration's section") {
  const auto settings = read_alerts({{"changeling-alert.run:finished.command", "one"},
                                     {"changeling-alert.run:finished.command", "two"},
                                     {"changeling-alert.work:added.command", "three"},
                                     {"changeling-alert.work:added.command", " "}});
  CHECK(settings.warnings.empty());
  CHECK(settings.commands.size() == 2);
  CHECK(settings.commands.at("run:finished") == std::vector<std::string>{"one", "two"});
  CHECK(settings.commands.at("work:added") == std::vector<std::string>{"three"});
}

TEST_CASE("an entry that means nothing is a warning that says what to write") {
  const auto settings = read_alerts({{"changeling-alert.run:finishd.command", "x"},
                                     {"changeling-alert.lunch.command", "x"},
                                     {"changeling-alert.run:finished.comand", "x"},
                                     {"changeling-alert.command", "x"}});
  CHECK(settings.commands.empty());
  REQUIRE(settings.warnings.size() == 4);
  CHECK(
      settings.warnings[0] ==
      "changeling-alert.run:finishd.command: there is no event 'run:finishd'; did you mean 'run:finished'?");
  CHECK(settings.warnings[1].find("there are agent:spawned, ") != std::string::npos);
  CHECK(settings.warnings[2].find("written changeling-alert.EVENT.command") != std::string::npos);
  CHECK(settings.warnings[3].find("written changeling-alert.EVENT.command") != std::string::npos);
}

TEST_CASE("a command line gets the event in three ways") {
  RecordingPrograms programs;
  Problems problems;
  {
    Alerts alerts(on("work:added", {"tell-me", "tell-her"}), terms({{"GIT_DIR", "/x"}, {"HOME", "/home/me"}}),
                  programs, problems.collect());
    alerts.notify("work:removed", {{"task", "a"}});
    alerts.notify("work:added", {{"task", "b"}, {"title", "T\xff"}});
  }
  REQUIRE(programs.commands.size() == 2);
  const Command& command = programs.commands[0];
  CHECK(command.arguments == std::vector<std::string>{"/bin/sh", "-c", "tell-me"});
  CHECK(programs.commands[1].arguments[2] == "tell-her");
  CHECK(command.environment->get("CHANGELING_EVENT") == "work:added");
  CHECK(command.environment->get("HOME") == "/home/me");
  CHECK_FALSE(command.environment->get("GIT_DIR"));
  CHECK(command.working_directory == "/");
  const Json event = Json::parse(command.standard_input);
  CHECK(event["event"] == "work:added");
  CHECK(event["task"] == "b");
  CHECK(command.environment->get("CHANGELING_EVENT_JSON").value() + "\n" == command.standard_input);
  CHECK(programs.limits[0] > Duration::zero());
  CHECK(programs.limits[0] <= std::chrono::seconds(10));
  CHECK(problems.said.empty());
}

TEST_CASE("an event that is too long for a variable is on standard input") {
  RecordingPrograms programs;
  {
    Alerts alerts(on("work:progress", {"x"}), terms(), programs, {});
    alerts.notify("work:progress", {{"text", std::string(200'000, 'a')}});
  }
  REQUIRE(programs.commands.size() == 1);
  CHECK_FALSE(programs.commands[0].environment->get("CHANGELING_EVENT_JSON"));
  CHECK(programs.commands[0].standard_input.size() > 200'000);
}

TEST_CASE("a failure is told once for each command line, and the others go on") {
  RecordingPrograms programs([](const Command& command) -> ProcessResult {
    if (command.arguments[2] == "throws") throw Error(ErrorKind::NotFound, "is not there");
    return command.arguments[2] == "good" ? RecordingPrograms::prints("")
                                          : RecordingPrograms::fails("no\x1b[31m display\n", 3);
  });
  Problems problems;
  {
    Alerts alerts(on("run:started", {"bad", "throws", "good"}), terms(), programs, problems.collect());
    for (int count = 0; count < 3; ++count) alerts.notify("run:started", nullptr);
  }
  CHECK(programs.commands.size() == 9);
  REQUIRE(problems.said.size() == 2);
  CHECK(problems.said[0] == "the alert 'bad' ended with exit code 3: no\\u{1b}[31m display");
  CHECK(problems.said[1] == "the alert 'throws' is not there");
}

TEST_CASE("what does not end in time is not started again") {
  RecordingPrograms programs([](const Command&) { return RecordingPrograms::hangs(); });
  Problems problems;
  {
    Alerts alerts(on("run:started", {"sleep"}), terms(), programs, problems.collect());
    for (int count = 0; count < 5; ++count) alerts.notify("run:started", nullptr);
  }
  CHECK(programs.commands.size() == 1);
  REQUIRE(problems.said.size() == 1);
  CHECK(problems.said[0].find("is not started again") != std::string::npos);
}

TEST_CASE("the work goes on while an alert runs, and the end waits only so long") {
  std::mutex mutex;
  std::condition_variable changed;
  bool may_end = false;
  RecordingPrograms programs([&](const Command&) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return may_end; });
    return RecordingPrograms::prints("");
  });
  Problems problems;
  AlertTerms hasty = terms();
  hasty.patience_at_end = Duration::zero();
  {
    Alerts alerts(on("run:started", {"slow"}), hasty, programs, problems.collect());
    // Returns although the first alert cannot end before the flag below.
    for (int count = 0; count < 5; ++count) alerts.notify("run:started", nullptr);
    std::thread release([&] {
      const std::scoped_lock lock(mutex);
      may_end = true;
      changed.notify_all();
    });
    alerts.finish();
    release.join();
  }
  // How many were begun before the end depends on the threads; none is lost without a word.
  const bool told = !problems.said.empty() && problems.said[0].find("left out") != std::string::npos;
  CHECK((programs.commands.size() == 5 || told));
}

TEST_CASE("an event cannot lead to itself") {
  RecordingPrograms programs;
  Problems problems;
  AlertSettings settings = on("work:added", {"git changeling task add again"});
  settings.warnings = {"something"};
  {
    Alerts alerts(settings, terms({{"CHANGELING_EVENT", "work:added"}}), programs, problems.collect());
    alerts.notify("work:added", nullptr);
  }
  CHECK(programs.commands.empty());
  CHECK(problems.said.empty());
}

TEST_CASE("warnings of the settings come with the first event") {
  RecordingPrograms programs;
  Problems problems;
  Alerts alerts(read_alerts({{"changeling-alert.x.command", "y"}}), terms(), programs, problems.collect());
  CHECK(problems.said.empty());
  alerts.notify("run:started", nullptr);
  alerts.notify("run:started", nullptr);
  CHECK(problems.said.size() == 1);
}

TEST_CASE("real command lines of the shell") {
  const TemporaryFolder folder;
  SystemProcessRunner processes;
  Problems problems;
  AlertTerms real = terms();
  real.working_directory = folder.path();
  {
    Alerts alerts(on("run:started", {"cat > \"$CHANGELING_EVENT\"; echo noise"}), real, processes,
                  problems.collect());
    alerts.notify("run:started", {{"run", "r1"}});
  }
  CHECK(Json::parse(folder.read("run:started")) == Json{{"event", "run:started"}, {"run", "r1"}});
  CHECK(problems.said.empty());
  real.time_limit = std::chrono::milliseconds(200);
  {
    Alerts alerts(on("run:started", {"sleep 60"}), real, processes, problems.collect());
    alerts.notify("run:started", nullptr);
  }
  REQUIRE(problems.said.size() == 1);
  CHECK(problems.said[0].find("'sleep 60' did not end within 0.2s") != std::string::npos);
}
