#include <fmt/format.h>

#include "api_fixture.hpp"
#include "project/definitions.hpp"
#include "project/outbox.hpp"
#include "project/trust.hpp"
#include "store/records.hpp"
#include "store/task_records.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

struct Needs : Api {
  /// Those of a kind.
  std::vector<Json> of(const std::string& kind) {
    const ApiAnswer answer = get("/needs");
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    std::vector<Json> found;
    for (const Json& need : answer.json.at("needs")) {
      if (need.at("kind") == kind) found.push_back(need);
    }
    return found;
  }
  void define(const std::string& name, Json fields = Json::object()) {
    fields["name"] = name;
    fields["run"] = "true";
    REQUIRE(post("/changelings", fields).status == 201);
  }
  void trust(const std::string& name) {
    const auto set = project::DefinitionSet::load(project);
    project::approve(project, project::changeling_subject(set, set.resolve(name).definition));
  }
  void ran(const std::string& id, int minute, store::Outcome outcome,
           const std::function<void(store::RunRecord&)>& change = {}) {
    store::RunRecord run;
    run.id = id;
    run.changeling = "sprite";
    run.trigger = "manual";
    run.agent = "command";
    run.status = store::RunStatus::Finished;
    run.outcome = outcome;
    run.host = "here";
    run.started_at = project.clock().now() - std::chrono::minutes(100 - minute);
    run.ended_at = run.started_at + std::chrono::seconds(5);
    if (change) change(run);
    project.store().update({"run", "test", {}}, [&](const store::Snapshot&, store::Change& written) {
      store::write_run(written, run);
    });
  }
};

}  // namespace

TEST_CASE("where nothing waits there are no needs") {
  Needs api;
  api.add_task("goes on by itself");
  CHECK(api.get("/needs").json == Json{{"needs", Json::array()}, {"totals", Json::object()}});
}

TEST_CASE("what is not trusted waits until it is approved") {
  Needs api;
  api.define("sprite");
  const auto waiting = api.of("approval");
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].at("subject") == "sprite");
  CHECK(waiting[0].at("text").get<std::string>().find("never approved") != std::string::npos);
  CHECK(waiting[0].at("settle") == "git changeling trust sprite");
  api.trust("sprite");
  CHECK(api.of("approval").empty());
  api.ask("PATCH", "/changelings/sprite", {{"run", "false"}});
  CHECK(api.of("approval")[0].at("text").get<std::string>().find("has changed") != std::string::npos);
}

TEST_CASE("tasks wait for a judgement, a word, or what blocks them, but not for other tasks") {
  Needs api;
  const std::string judged = api.add_task("judged");
  queue::Task task = api.project.tasks().find(judged);
  task.status = queue::TaskStatus::Review;
  api.project.store().update({"write", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_task(change, task);
  });
  const std::string gated = api.add_task("gated", {{"gates", {"person"}}});
  const std::string blocked = api.add_task("blocked");
  const std::string waiting = api.add_task("waits for another", {{"blocked_by", {blocked}}});
  api.post("/tasks/" + blocked + "/block", {{"reason", "no key"}});
  const auto words = api.of("task-approval");
  REQUIRE(words.size() == 1);
  CHECK(words[0].at("subject") == gated);
  CHECK(words[0].at("settle") == "git changeling task approve " + gated);
  const auto stuck = api.of("task-blocked");
  REQUIRE(stuck.size() == 1);
  CHECK(stuck[0].at("text").get<std::string>().find("no key") != std::string::npos);
  REQUIRE(api.of("task-review").size() == 1);
  CHECK(api.of("task-review")[0].at("subject") == judged);
}

TEST_CASE("a changeling that fails is named with its newest failure until it succeeds") {
  Needs api;
  api.define("sprite");
  api.ran("aaaa2345aa", 1, store::Outcome::Failed);
  api.ran("bbbb2345bb", 2, store::Outcome::TimedOut, [](auto& run) { run.error = "it took too long"; });
  const auto failed = api.of("run-failed");
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].at("subject") == "bbbb2345bb");
  CHECK(failed[0].at("text") == "sprite has failed 2 times in a row: it took too long");
  CHECK(failed[0].at("settle") == "git changeling retry bbbb2345bb");
  api.ran("cccc2345cc", 3, store::Outcome::NoChanges, [](auto& run) { run.refused = {"Bash: git push"}; });
  CHECK(api.of("run-failed").empty());
  REQUIRE(api.of("tool-refused").size() == 1);
  CHECK(api.of("tool-refused")[0].at("text") == "sprite was refused: Bash: git push");
}

TEST_CASE("refused tools need nobody any more once the definition has changed") {
  Needs api;
  api.define("sprite");
  api.trust("sprite");
  const auto refused = [](auto& run) {
    run.refused = {"Bash: git push"};
    run.ended_at = *run.ended_at + std::chrono::hours(3);
  };
  api.ran("aaaa2345aa", 1, store::Outcome::NoChanges, refused);
  REQUIRE(api.of("tool-refused").size() == 1);
  api.ask("PATCH", "/changelings/sprite", {{"permissions", {"Bash(git push)"}}});
  CHECK(api.of("tool-refused").empty());
  CHECK(api.of("approval").size() == 1);
  api.trust("sprite");
  // The run ended later than that: it had these permissions.
  CHECK(api.of("tool-refused").size() == 1);
  api.ran("aaaa2345aa", 1, store::Outcome::NoChanges, [](auto& run) { run.refused = {"Bash: git push"}; });
  CHECK(api.of("tool-refused").empty());
}

TEST_CASE("notifications that have not arrived are tried again") {
  Needs api;
  CHECK(api.post("/notifications/retry", {{"channel", "mail"}}).status == 422);
  const ApiAnswer tried = api.post("/notifications/retry");
  CHECK(tried.status == 202);
  CHECK(tried.json == Json{{"trying", 0}});
}

TEST_CASE("a schedule that should have started something is named") {
  Needs api;
  const Timestamp now = api.project.clock().now();
  const Timestamp missed = now - std::chrono::minutes(20);
  // "15 * * * *"
  const std::string minute = format_timestamp(missed).substr(14, 2);
  api.define("sprite", {{"schedule", minute + " * * * *"}, {"timezone", "UTC"}, {"catch_up", "last"}});
  api.trust("sprite");
  // What it was to do before it was approved is nobody's need.
  CHECK(api.of("schedule").empty());
  const auto set = project::DefinitionSet::load(api.project);
  project::open_approvals(api.project)
      .approve(project::changeling_subject(set, set.resolve("sprite").definition),
               now - std::chrono::minutes(50));
  const auto late = api.of("schedule");
  REQUIRE(late.size() == 1);
  CHECK(late[0].at("subject") == "sprite");
  CHECK(late[0].at("since").get<std::string>().substr(0, 16) == format_timestamp(missed).substr(0, 16));
  CHECK(late[0].at("text").get<std::string>().find("nothing has started it") != std::string::npos);
}

TEST_CASE("what is switched off and what could not be sent wait, too") {
  Needs api;
  project::OutboxEntry entry;
  entry.proposal.run = "aaaa2345aa";
  entry.proposal.changeling = "sprite";
  entry.proposal.branch = "changelings/sprite/aaaa2345aa";
  entry.proposal.head = std::string(40, 'a');
  entry.created_at = entry.next_try = api.project.clock().now();
  api.project.places().outbox().keep(entry);
  CHECK(api.of("outbox").empty());
  entry.tries = 1;
  entry.error = "no network";
  api.project.places().outbox().keep(entry);
  REQUIRE(api.of("outbox").size() == 1);
  CHECK(api.of("outbox")[0].at("text") == "the work of sprite waits to be sent: no network");
  REQUIRE(api.ask("PUT", "/halt", {{"reason", "a fire"}}).status == 200);
  REQUIRE(api.of("halt").size() == 1);
  CHECK(api.of("halt")[0].at("text").get<std::string>().find("a fire") != std::string::npos);
}

TEST_CASE("more than are named are counted") {
  Needs api;
  constexpr std::size_t many = 103;
  api.project.store().update({"many", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (std::size_t number = 0; number < many; ++number) {
      for (const bool is_blocked : {false, true}) {
        queue::Task task;
        task.id = fmt::format("{}{:07}", is_blocked ? 'b' : 'r', number);
        task.title = "many";
        task.status = is_blocked ? queue::TaskStatus::Blocked : queue::TaskStatus::Review;
        if (is_blocked) task.blocked_reason = "no key";
        task.created_at = task.updated_at = api.project.clock().now();
        store::write_task(change, task);
      }
    }
  });
  const ApiAnswer answer = api.get("/needs");
  INFO(answer.text.substr(0, 400));
  CHECK(answer.json.at("totals") == Json{{"task-review", many}, {"task-blocked", many}});
  CHECK(answer.json.at("needs").size() == 200);
}
