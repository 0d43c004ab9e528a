#include "work/worker.hpp"

#include <doctest/doctest.h>

#include <deque>

using namespace changeling;
using work::SourceClaim;
using work::SourcedClaim;
using work::TaskReport;
using work::WorkerEnd;

namespace {

class SteppedClock : public Clock {
 public:
  Timestamp now() const override { return time; }
  Timestamp time = parse_timestamp("2026-11-20T12:00:00Z");
};

/// Answers what it was told to, then that nothing is ready.
class ScriptedSource : public work::TaskSource {
 public:
  std::string_view name() const override { return "scripted"; }
  void announce_run(const std::string& run) override { runs.push_back(run); }
  SourceClaim claim(const queue::ClaimFilter& filter, const std::string&) override {
    filters.push_back(filter);
    if (answers.empty()) return work::NothingReady{};
    SourceClaim answer = answers.front();
    answers.pop_front();
    return answer;
  }
  bool holds(const SourcedClaim&, const std::string&) override { return true; }
  void renew(const SourcedClaim&) override {}
  void finish(const SourcedClaim&, const work::TaskResult&) override {}
  std::vector<queue::Task> peek(const queue::ClaimFilter& filter, std::size_t) override {
    CHECK(filter.except_roles.empty());
    return left;
  }

  std::deque<SourceClaim> answers;
  std::vector<queue::Task> left;  ///< What nobody may claim.
  std::vector<queue::ClaimFilter> filters;
  std::vector<std::string> runs;
};

SourcedClaim claim_of(const std::string& id) {
  SourcedClaim claim;
  claim.task.id = id;
  return claim;
}

/// A worker that is stopped once it has waited `rounds` times.
struct Rig {
  WorkerEnd run(work::WorkerOptions options = {}) {
    work::WorkerHooks hooks;
    hooks.stop_requested = [this] { return stop || waits.size() + pauses.size() >= rounds; };
    hooks.wait = [this](Duration duration) {
      waits.push_back(duration);
      clock.time += duration;
    };
    hooks.pause = [this](Duration duration) {
      pauses.push_back(duration);
      clock.time += duration;
    };
    hooks.work = [this](const SourcedClaim& claim, const std::string& run) {
      worked.push_back(claim.task.id);
      runs.push_back(run);
      TaskReport report;
      report.task = claim.task;
      report.result.success = !claim.task.id.starts_with("bad");
      report.waits = claim.task.id == "bad login";
      if (claim.task.id == "last") stop = true;
      return report;
    };
    hooks.give_back = [this](const SourcedClaim& claim) {
      given_back.push_back(claim.task.id);
      return TaskReport{};
    };
    hooks.on_message = [this](std::string_view text) { messages.emplace_back(text); };
    hooks.on_status = [this](work::SessionStatus status, const std::string&, const std::string&) {
      statuses.push_back(status);
    };
    hooks.recover = [this] { ++recoveries; };
    if (held_roles) hooks.held_roles = held_roles;
    options.worker = "me";
    return work::Worker(source, options, hooks, clock).run();
  }

  SteppedClock clock;
  ScriptedSource source;
  bool stop = false;
  std::size_t rounds = 1;
  int recoveries = 0;
  std::function<std::map<std::string, std::string>()> held_roles;
  std::vector<Duration> waits;
  std::vector<Duration> pauses;
  std::vector<std::string> worked;
  std::vector<std::string> runs;
  std::vector<std::string> given_back;
  std::vector<std::string> messages;
  std::vector<work::SessionStatus> statuses;
};

using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

TEST_CASE("one task after the other, then it waits") {
  Rig rig;
  rig.source.answers = {claim_of("one"), claim_of("two")};
  CHECK(rig.run() == WorkerEnd::Stopped);
  CHECK(rig.worked == std::vector<std::string>{"one", "two"});
  CHECK(rig.runs[0] != rig.runs[1]);
  CHECK(rig.waits == std::vector<Duration>{seconds(30)});
  CHECK(rig.statuses.back() == work::SessionStatus::Idle);
}

TEST_CASE("the run is announced with each claim, and a new one only after it was used") {
  Rig rig;
  rig.rounds = 2;
  rig.source.answers = {claim_of("one")};
  rig.run();
  REQUIRE(rig.source.runs.size() == 3);
  CHECK(rig.source.runs[0] == rig.runs[0]);
  CHECK(rig.source.runs[1] != rig.source.runs[0]);
  CHECK(rig.source.runs[2] == rig.source.runs[1]);
}

TEST_CASE("a source that cannot be asked is asked again after growing pauses, and that is said") {
  Rig rig;
  rig.rounds = 10;
  for (int round = 0; round < 9; ++round) rig.source.answers.push_back(work::Unreachable{"no network"});
  rig.run();
  CHECK(rig.pauses == std::vector<Duration>{seconds(5), seconds(10), seconds(20), seconds(40), seconds(80),
                                            seconds(160), minutes(5), minutes(5), minutes(5)});
  CHECK(rig.waits.size() == 1);
  CHECK(rig.messages.front() == "scripted: no network; asking again in 5.0s");
  CHECK(std::count(rig.statuses.begin(), rig.statuses.end(), work::SessionStatus::Blocked) == 9);
}

TEST_CASE("an answer ends the growing of pauses") {
  Rig rig;
  rig.rounds = 4;
  rig.source.answers = {work::Unreachable{"x"}, work::Unreachable{"x"}, work::NothingReady{},
                        work::Unreachable{"x"}};
  rig.run();
  CHECK(rig.pauses == std::vector<Duration>{seconds(5), seconds(10), seconds(5)});
}

TEST_CASE("a lost race is run again at once, but not for ever") {
  Rig rig;
  for (int round = 0; round < 5; ++round) rig.source.answers.push_back(work::LostRace{"other"});
  rig.source.answers.push_back(claim_of("one"));
  rig.run();
  CHECK(rig.worked == std::vector<std::string>{"one"});
  CHECK(rig.pauses.empty());

  Rig endless;
  for (int round = 0; round < 50; ++round) endless.source.answers.push_back(work::LostRace{"other"});
  endless.run();
  CHECK(endless.source.filters.size() == 20);
  CHECK(endless.pauses.size() == 1);
}

TEST_CASE("a task that failed here is left alone for a while, longer each time") {
  Rig rig;
  rig.rounds = 3;
  rig.source.answers = {claim_of("bad"), claim_of("good"), work::NothingReady{}, claim_of("bad")};
  rig.run();
  REQUIRE(rig.source.filters.size() == 6);
  CHECK(rig.source.filters[1].except == std::vector<std::string>{"bad"});
  CHECK(rig.source.filters[2].except == std::vector<std::string>{"bad"});
  CHECK(rig.source.filters[3].except.empty());
  CHECK(rig.source.filters[4].except == std::vector<std::string>{"bad"});
  CHECK(rig.waits == std::vector<Duration>{seconds(30), seconds(30), seconds(30)});
  CHECK(rig.worked == std::vector<std::string>{"bad", "good", "bad"});
}

TEST_CASE("who does not wait ends when nothing is ready, when it has enough, or when it cannot ask") {
  work::WorkerOptions options;
  options.when_idle = work::WorkerOptions::WhenIdle::End;
  Rig nothing;
  nothing.source.answers = {claim_of("bad")};
  CHECK(nothing.run(options) == WorkerEnd::NothingReady);
  CHECK(nothing.source.filters.back().except == std::vector<std::string>{"bad"});
  CHECK(nothing.waits.empty());

  options.most_tasks = 1;
  Rig enough;
  enough.source.answers = {claim_of("one"), claim_of("two")};
  CHECK(enough.run(options) == WorkerEnd::EnoughTasks);
  CHECK(enough.worked == std::vector<std::string>{"one"});

  Rig unreachable;
  unreachable.source.answers = {work::Unreachable{"no network"}};
  CHECK(unreachable.run(options) == WorkerEnd::NothingReady);
  CHECK(unreachable.messages == std::vector<std::string>{"scripted: no network"});
}

TEST_CASE("a stop during the work takes no other task; one during the claim gives the task back") {
  Rig rig;
  rig.source.answers = {claim_of("last"), claim_of("next")};
  CHECK(rig.run() == WorkerEnd::Stopped);
  CHECK(rig.worked == std::vector<std::string>{"last"});

  struct StoppingSource : ScriptedSource {
    explicit StoppingSource(bool& stop) : stop_(stop) {}
    SourceClaim claim(const queue::ClaimFilter&, const std::string&) override {
      stop_ = true;
      return claim_of("one");
    }
    bool& stop_;
  };
  bool stop = false;
  StoppingSource source(stop);
  std::vector<std::string> given_back;
  work::WorkerHooks hooks;
  hooks.stop_requested = [&] { return stop; };
  hooks.give_back = [&](const SourcedClaim& claim) {
    given_back.push_back(claim.task.id);
    return TaskReport{};
  };
  SteppedClock clock;
  CHECK(work::Worker(source, {}, hooks, clock).run() == WorkerEnd::Stopped);
  CHECK(given_back == std::vector<std::string>{"one"});
}

TEST_CASE("what killed workers left is looked for now and then") {
  Rig rig;
  rig.rounds = 3;
  rig.source.answers = {claim_of("one"), claim_of("two")};
  rig.run();
  CHECK(rig.recoveries == 3);
}

TEST_CASE("tasks of a role that cannot be worked on now are left, and that is said once") {
  Rig rig;
  rig.rounds = 3;
  queue::Task task;
  task.role = "writer";
  rig.source.left = {task};
  rig.held_roles = [&]() -> std::map<std::string, std::string> {
    if (rig.waits.size() == 2) return {};
    return {{"writer", "claude is not logged in"}};
  };
  rig.run();
  REQUIRE(rig.source.filters.size() == 3);
  CHECK(rig.source.filters[1].except_roles == std::vector<std::string>{"writer"});
  CHECK(rig.source.filters[2].except_roles.empty());
  CHECK(rig.messages == std::vector<std::string>{"claude is not logged in", "waiting for tasks"});
  CHECK(rig.statuses[1] == work::SessionStatus::Blocked);
  CHECK(rig.statuses.back() == work::SessionStatus::Idle);
}

TEST_CASE("a worker is idle where only tasks of other roles could be there") {
  Rig rig;
  rig.held_roles = [] { return std::map<std::string, std::string>{{"writer", "claude is not logged in"}}; };
  rig.run();
  CHECK(rig.statuses.back() == work::SessionStatus::Idle);
  CHECK(rig.messages == std::vector<std::string>{"waiting for tasks"});
}

TEST_CASE("a task that was given back for a login is taken again once its role is not held any more") {
  Rig rig;
  rig.rounds = 2;
  rig.source.answers = {claim_of("bad login"), work::NothingReady{}, claim_of("bad login")};
  rig.run();
  CHECK(rig.worked.size() == 2);
  for (const queue::ClaimFilter& filter : rig.source.filters) CHECK(filter.except.empty());
}
