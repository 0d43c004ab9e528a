#include "work/beads_source.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "../http/scripted_http.hpp"
#include "../recording_programs.hpp"
#include "../temporary_folder.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

using namespace changeling;
using namespace changeling::work;
using changeling::test::RecordingPrograms;
using changeling::test::TemporaryFolder;
using changeling::testing::FixedClock;

namespace {

/// The stand-in of tests/fakes with a database of its own.
struct Beads {
  Beads() { issues({}); }

  void issues(const std::vector<Json>& list) {
    folder.write(".beads/issues.json", Json{{"issues", Json(list)}}.dump());
  }
  static Json issue(const std::string& id, const Json& more = Json::object()) {
    Json object{{"id", id},
                {"title", "Title of " + id},
                {"status", "open"},
                {"priority", 2},
                {"labels", {"role-builder"}}};
    object.update(more);
    return object;
  }
  Json now(const std::string& id) const {
    const Json database = Json::parse(folder.read(".beads/issues.json"));
    for (const Json& entry : database["issues"]) {
      if (entry["id"] == id) return entry;
    }
    return nullptr;
  }
  std::vector<Json> calls() const {
    std::vector<Json> result;
    for (const std::string& line : split_lines(folder.read(".beads/calls.jsonl"))) {
      result.push_back(Json::parse(line));
    }
    return result;
  }
  BeadsSource source(std::map<std::string, std::string> variables = {},
                     const std::filesystem::path& lock_folder = {}) {
    variables.emplace("PATH", std::string(CHANGELING_TEST_FAKES) + ":/usr/bin:/bin");
    BeadsSettings settings;
    settings.place.directory = folder.path();
    settings.lock_folder = lock_folder;
    settings.attempts_folder = attempts_folder;
    settings.place.environment = Environment(std::move(variables));
    return BeadsSource(processes, clock, settings);
  }

  TemporaryFolder folder;
  std::filesystem::path attempts_folder;
  SystemProcessRunner processes;
  FixedClock clock;
};

const queue::ClaimFilter builders{"builder", {}};

TaskResult success() {
  TaskResult result;
  result.run = "r1";
  result.outcome = "opened-pr";
  result.success = true;
  result.artifacts.push_back({queue::Artifact::Kind::PullRequest, "https://forge/pull/7", "", {}});
  return result;
}

TaskResult failure(const std::string& outcome = "failed") {
  TaskResult result;
  result.run = "r1";
  result.outcome = outcome;
  result.error = "it broke";
  return result;
}

}  // namespace

TEST_CASE("an issue with the role's label is claimed, in both shapes of answers") {
  for (const std::string envelope : {"0", "1"}) {
    CAPTURE(envelope);
    Beads beads;
    beads.issues({Beads::issue("proj-1", {{"labels", {"role-other"}}}),
                  Beads::issue("proj-2", {{"description", "Do it."},
                                          {"priority", 0},
                                          {"acceptance_criteria", "run:rm -rf /"},
                                          {"labels", {"role-builder", "b", "a"}}})});
    BeadsSource source = beads.source({{"BD_JSON_ENVELOPE", envelope}});
    const SourceClaim claimed = source.claim(builders, "w1");
    REQUIRE(std::holds_alternative<SourcedClaim>(claimed));
    const auto& claim = std::get<SourcedClaim>(claimed);
    CHECK(claim.task.id == "proj-2");
    CHECK(claim.task.source == "beads:proj-2");
    CHECK(claim.task.title == "Title of proj-2");
    CHECK(claim.task.description == "Do it.");
    CHECK(claim.task.priority == queue::Priority::Urgent);
    CHECK(claim.task.role == "builder");
    CHECK(claim.task.labels == std::vector<std::string>{"a", "b", "role-builder"});
    // Text for people, whatever it looks like.
    REQUIRE(claim.task.acceptance.size() == 1);
    CHECK(claim.task.acceptance[0].kind == queue::Criterion::Kind::Text);
    CHECK(beads.now("proj-2")["assignee"] == "w1");
    CHECK(beads.now("proj-2")["status"] == "in_progress");
    CHECK(source.holds(claim, "w1"));
    CHECK_FALSE(source.holds(claim, "w2"));
    CHECK(std::holds_alternative<NothingReady>(source.claim(builders, "w1")));
  }
}

TEST_CASE("the calls are those of the contract") {
  Beads beads;
  beads.issues({Beads::issue("proj-1", {{"labels", {"role-builder", "x"}}})});
  BeadsSource source = beads.source();
  const auto claim = std::get<SourcedClaim>(source.claim({"builder", {"x"}}, "w1"));
  source.finish(claim, success());
  const auto calls = beads.calls();
  REQUIRE(calls.size() == 5);
  CHECK(calls[0] == Json{"ready", "-l", "role-builder", "-l", "x", "--exclude-type", "epic", "-n", "50",
                         "--json", "--actor", "w1"});
  CHECK(calls[1] == Json{"update", "proj-1", "--claim", "--json", "--actor", "w1"});
  CHECK(calls[2] == Json{"show", "proj-1", "--json", "--actor", "w1"});
  CHECK(calls[4] == Json{"close", "proj-1", "-r", "git-changeling run r1: opened-pr, https://forge/pull/7",
                         "--json", "--actor", "w1"});
  CHECK(beads.now("proj-1")["status"] == "closed");
}

TEST_CASE("issues that are blocked, taken, deferred or strangely named are left alone") {
  Beads beads;
  beads.issues(
      {Beads::issue("proj-1", {{"dependencies", {{{"depends_on_id", "proj-9"}, {"type", "blocks"}}}}}),
       Beads::issue("proj-2", {{"status", "blocked"}}), Beads::issue("proj-3", {{"status", "deferred"}}),
       Beads::issue("proj-4", {{"assignee", "somebody"}}),
       Beads::issue("proj-5", {{"status", "in_progress"}, {"assignee", "w1"}}), Beads::issue("--actor=root"),
       Beads::issue("proj-9", {{"labels", {"later"}}})});
  BeadsSource source = beads.source();
  CHECK(std::holds_alternative<NothingReady>(source.claim(builders, "w1")));
}

TEST_CASE("a lost race is told from a claim in every way in which bd says it") {
  for (const std::string mode : {"lose-race", "claimed-first", "quiet-refusal"}) {
    CAPTURE(mode);
    Beads beads;
    beads.issues({Beads::issue("proj-1")});
    BeadsSource source = beads.source({{"FAKE_BD", mode}});
    const SourceClaim claimed = source.claim(builders, "w1");
    REQUIRE(std::holds_alternative<LostRace>(claimed));
    CHECK(std::get<LostRace>(claimed).winner == "the-other-worker");
    CHECK(beads.now("proj-1")["assignee"] == "the-other-worker");
  }
}

TEST_CASE("of many workers at once one wins") {
  Beads beads;
  beads.issues({Beads::issue("proj-1")});
  std::atomic<int> winners = 0;
  std::vector<std::thread> workers;
  for (int number = 0; number < 6; ++number) {
    workers.emplace_back([&beads, &winners, number] {
      BeadsSource source = beads.source();
      const SourceClaim claimed = source.claim(builders, fmt::format("w{}", number));
      if (std::holds_alternative<SourcedClaim>(claimed)) ++winners;
    });
  }
  for (std::thread& worker : workers) worker.join();
  CHECK(winners == 1);
  CHECK(beads.now("proj-1")["status"] == "in_progress");
}

TEST_CASE("processes of one name on one machine are told apart by a lock") {
  Beads beads;
  const auto locks = beads.folder.path() / "locks";
  beads.issues({Beads::issue("proj-1")});
  BeadsSource first = beads.source({}, locks);
  BeadsSource second = beads.source({}, locks);
  const auto claim = std::get<SourcedClaim>(first.claim(builders, "same"));
  // As it was when the second one polled before the first one claimed.
  beads.issues({Beads::issue("proj-1", {{"assignee", "same"}})});
  CHECK(std::holds_alternative<NothingReady>(second.claim(builders, "same")));
  first.finish(claim, failure("released"));
  CHECK(std::holds_alternative<SourcedClaim>(second.claim(builders, "same")));
}

TEST_CASE("a claim that was taken away is neither closed nor given back") {
  Beads beads;
  beads.issues({Beads::issue("proj-1")});
  BeadsSource source = beads.source();
  const auto claim = std::get<SourcedClaim>(source.claim(builders, "w1"));
  beads.issues({Beads::issue("proj-1", {{"status", "in_progress"}, {"assignee", "w2"}})});
  CHECK_FALSE(source.holds(claim, "w1"));
  CHECK_THROWS_WITH_AS(source.finish(claim, success()), "proj-1 is not w1's any more (in_progress, w2)",
                       Error);
  source.finish(claim, failure());
  CHECK(beads.now("proj-1") == Beads::issue("proj-1", {{"status", "in_progress"}, {"assignee", "w2"}}));
}

TEST_CASE("a failure gives the issue back and is not repeated at once") {
  Beads beads;
  beads.issues({Beads::issue("proj-1")});
  BeadsSource source = beads.source();
  for (int attempt = 0; attempt < 3; ++attempt) {
    const SourceClaim claimed = source.claim(builders, "w1");
    REQUIRE(std::holds_alternative<SourcedClaim>(claimed));
    source.finish(std::get<SourcedClaim>(claimed), failure());
    CHECK(beads.now("proj-1")["status"] == "open");
    CHECK_FALSE(beads.now("proj-1").contains("assignee"));
    CHECK(std::holds_alternative<NothingReady>(source.claim(builders, "w1")));
    beads.clock.time += std::chrono::minutes(1 << attempt);
  }
  // Three failures of one worker are enough.
  beads.clock.time += std::chrono::hours(100);
  CHECK(std::holds_alternative<NothingReady>(source.claim(builders, "w1")));
}

TEST_CASE("pauses and attempts hold for every process of a machine, until the issue says something else") {
  Beads beads;
  beads.attempts_folder = beads.folder.path() / "attempts";
  beads.issues({Beads::issue("proj-1")});
  for (int attempt = 0; attempt < 3; ++attempt) {
    BeadsSource process = beads.source();
    process.finish(std::get<SourcedClaim>(process.claim(builders, "w1")), failure());
    CHECK(std::holds_alternative<NothingReady>(beads.source().claim(builders, "w1")));
    beads.clock.time += std::chrono::minutes(1 << attempt);
  }
  beads.clock.time += std::chrono::hours(100);
  CHECK(std::holds_alternative<NothingReady>(beads.source().claim(builders, "w1")));

  beads.issues({Beads::issue("proj-1", {{"description", "What was missing."}})});
  BeadsSource process = beads.source();
  process.finish(std::get<SourcedClaim>(process.claim(builders, "w1")), success());
  CHECK(beads.now("proj-1")["status"] == "closed");
  CHECK(std::filesystem::is_empty(beads.attempts_folder));
}

TEST_CASE("an epic is no work, whatever bd is asked") {
  Beads beads;
  beads.issues({Beads::issue("proj-1", {{"issue_type", "epic"}, {"priority", 0}}),
                Beads::issue("proj-2", {{"issue_type", "task"}})});
  BeadsSource source = beads.source();
  CHECK(std::get<SourcedClaim>(source.claim(builders, "w1")).task.id == "proj-2");

  // A version that does not leave them out.
  RecordingPrograms careless([](const Command& command) {
    return RecordingPrograms::prints(command.arguments[1] == "version"
                                         ? R"({"version":"1.0.5"})"
                                         : R"([{"id":"proj-1","status":"open","issue_type":"epic"}])");
  });
  BeadsSource other(careless, beads.clock, {});
  CHECK(std::holds_alternative<NothingReady>(other.claim({}, "w1")));
}

TEST_CASE("an issue that bd does not let be closed is open again, and it is said why") {
  Beads beads;
  beads.issues({Beads::issue("proj-1")});
  BeadsSource source = beads.source({{"FAKE_BD", "unclosable"}});
  const auto claim = std::get<SourcedClaim>(source.claim(builders, "w1"));
  CHECK_THROWS_WITH_AS(source.finish(claim, success()),
                       "bd close ended with exit code 1: Error: cannot close proj-1: a gate is open", Error);
  CHECK(beads.now("proj-1")["status"] == "open");
  CHECK_FALSE(beads.now("proj-1").contains("assignee"));
  CHECK(std::holds_alternative<NothingReady>(source.claim(builders, "w1")));
}

TEST_CASE("a worker that stops gives the issue back without counting it") {
  Beads beads;
  beads.issues({Beads::issue("proj-1")});
  BeadsSource source = beads.source();
  for (int attempt = 0; attempt < 5; ++attempt) {
    source.finish(std::get<SourcedClaim>(source.claim(builders, "w1")), failure("released"));
  }
}

TEST_CASE("a success with unmet criteria does not close the issue") {
  Beads beads;
  beads.issues({Beads::issue("proj-1")});
  BeadsSource source = beads.source();
  TaskResult result = success();
  result.check.unmet = {"a.txt does not exist"};
  const auto claim = std::get<SourcedClaim>(source.claim(builders, "w1"));
  CHECK_THROWS_WITH_AS(source.finish(claim, result), "proj-1 is not done: a.txt does not exist", Error);
  CHECK(beads.now("proj-1")["status"] == "open");
}

TEST_CASE("a program that cannot be used ends the worker with a hint") {
  const auto message = [](std::map<std::string, std::string> variables, bool with_database = true) {
    Beads beads;
    if (!with_database) std::filesystem::remove(beads.folder.path() / ".beads/issues.json");
    try {
      beads.source(std::move(variables)).claim(builders, "w1");
    } catch (const Error& error) {
      return std::string(error.what()) + " | " + error.hint();
    }
    return std::string("no error");
  };
  CHECK(message({{"PATH", "/nowhere"}}).find("there is no program bd | beads 1.0 or newer") !=
        std::string::npos);
  CHECK(message({{"FAKE_BD", "wrapper"}}).find("only the wrapper of npm") != std::string::npos);
  CHECK(message({{"FAKE_BD", "wrapper"}}).find("env -u CI npm install") != std::string::npos);
  CHECK(message({{"FAKE_BD_VERSION", "0.24.0"}}).find("beads 0.24.0 is too old") != std::string::npos);
  CHECK(message({{"FAKE_BD_VERSION", "soon"}}).find("does not tell its version") != std::string::npos);
  CHECK(message({}, false).find("bd init") != std::string::npos);
}

TEST_CASE("what may pass is asked again later") {
  Beads beads;
  BeadsSource broken = beads.source({{"FAKE_BD", "broken"}});
  const SourceClaim claimed = broken.claim(builders, "w1");
  REQUIRE(std::holds_alternative<Unreachable>(claimed));
  CHECK(std::get<Unreachable>(claimed).reason == "bd ready ended with exit code 1: database is locked");

  RecordingPrograms hanging([](const Command& command) {
    return command.arguments[1] == "version" ? RecordingPrograms::prints(R"({"version":"2.0.1"})")
                                             : RecordingPrograms::hangs();
  });
  BeadsSource slow(hanging, beads.clock, {});
  CHECK(std::get<Unreachable>(slow.claim(builders, "w1")).reason == "bd ready did not end within 1m");
  CHECK(hanging.limits.back() == std::chrono::minutes(1));
}
