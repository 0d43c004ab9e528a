#include "../live_processes.hpp"
#include "api_fixture.hpp"
#include "chat/session_files.hpp"
#include "project/definitions.hpp"
#include "project/trust.hpp"
#include "store/records.hpp"

using namespace changeling;
using test::eventually;
using testing::Api;
using testing::ApiAnswer;

namespace {

/// A repository with a changeling whose agent repeats every line that it is sent, until "bye".
struct Control : Api {
  Control() {
    place.git("commit -q --allow-empty -m base");
    write_definitions(
        std::string("[changelings.talker]\nrun = 'echo ready; while read -r line; do echo \"heard $line\"; "
                    "if [ \"$line\" = bye ]; then exit 0; fi; done'\n"
                    "[changelings.quick]\nrun = 'true'\n[agents.command]\ninput = \"lines\"\n") +
        asker);
  }
  /// Asks as `git changeling ask` does, with nothing but a shell.
  static constexpr const char* asker = R"toml(
[changelings.asker]
run = '''
echo '{"text":"Which colour?","choices":["red","blue"]}' >"$CHANGELING_QUESTIONS/new"
mv "$CHANGELING_QUESTIONS/new" "$CHANGELING_QUESTIONS/0123456789abcdef.json"
until cat "$CHANGELING_ANSWERS/0123456789abcdef.json" 2>/dev/null; do sleep 0.1; done
'''
)toml";
  void trust(const std::string& name) {
    const auto set = project::DefinitionSet::load(project, project::FileReading::WorkTree);
    project::approve(project, project::changeling_subject(set, set.resolve(name).definition));
  }
  /// The id of a run that has begun.
  std::string start(const std::string& name) {
    trust(name);
    const ApiAnswer begun = post("/changelings/" + name + "/runs");
    INFO(begun.text);
    REQUIRE(begun.status == 202);
    return begun.json.at("id").get<std::string>();
  }
  Json wait_for_end(const std::string& run) {
    Json record;
    eventually([&] {
      record = get("/runs/" + run).json;
      return record.at("status") == "finished";
    });
    return record;
  }
  void wait_for_words(const std::string& run, const std::string& part) {
    eventually([&] {
      const ApiAnswer log = get("/runs/" + run + "/log");
      return log.status == 200 && log.json.at("text").get<std::string>().find(part) != std::string::npos;
    });
  }
};

}  // namespace

TEST_CASE("a changeling is run in the background, and the answer says where the run is") {
  Control api;
  api.trust("quick");
  const ApiAnswer begun = api.post("/changelings/quick/runs");
  INFO(begun.text);
  REQUIRE(begun.status == 202);
  const std::string id = begun.json.at("id").get<std::string>();
  CHECK(begun.headers.at("location") == "../../runs/" + id);
  CHECK(begun.json.at("trigger") == "manual");
  CHECK(api.wait_for_end(id).at("outcome") == "no-changes");
  // It is written for whoever has asked.
  CHECK(api.newest_message().find("Session: phone-1") != std::string::npos);
}

TEST_CASE("what the command line refuses to run is not run here") {
  Control api;
  CHECK(api.post("/changelings/nobody/runs").status == 404);
  const ApiAnswer untrusted = api.post("/changelings/quick/runs");
  CHECK(untrusted.kind() == "refused");
  CHECK(untrusted.hint().find("trust quick") != std::string::npos);
  api.trust("quick");
  REQUIRE(api.ask("PUT", "/halt", {{"reason", "a fire"}}).status == 200);
  CHECK(api.post("/changelings/quick/runs").detail().find("a fire") != std::string::npos);
  api.caller.may_write = false;
  CHECK(api.post("/changelings/quick/runs").status == 403);
  CHECK(api.get("/runs").json.at("total") == 0);
}

TEST_CASE("a run is talked to, and one that has ended is not") {
  Control api;
  const std::string id = api.start("talker");
  api.wait_for_words(id, "ready");
  const ApiAnswer sent = api.post("/runs/" + id + "/messages", {{"text", "hello"}});
  INFO(sent.text);
  CHECK(sent.status == 202);
  CHECK(sent.json == Json{{"run", id}, {"queued", false}});
  api.wait_for_words(id, "(session phone-1): hello");
  api.wait_for_words(id, "heard hello");
  CHECK(api.post("/runs/" + id + "/messages", {{"text", " "}}).status == 400);
  CHECK(api.post("/runs/" + id + "/messages", {{"text", "bye"}}).status == 202);
  api.wait_for_end(id);
  CHECK(api.post("/runs/" + id + "/messages", {{"text", "still there?"}}).kind() == "refused");
}

TEST_CASE("a question of an agent waits until it is answered") {
  Control api;
  const std::string id = api.start("asker");
  Json question;
  eventually([&] {
    const ApiAnswer needs = api.get("/needs");
    for (const Json& need : needs.json.at("needs")) {
      if (need.at("kind") == "question") question = need;
    }
    return !question.is_null();
  });
  CHECK(question.at("subject") == id);
  CHECK(question.at("changeling") == "asker");
  CHECK(question.at("text") == "asker asks: Which colour?");
  CHECK(question.at("settle") == "git changeling answer " + id + " --question 1");
  CHECK(question.at("question") ==
        Json{{"number", 1}, {"text", "Which colour?"}, {"choices", {"red", "blue"}}});
  CHECK(api.get("/runs/" + id).json.at("questions").at(0).at("answer").is_null());

  const std::string place = "/runs/" + id + "/answer";
  CHECK(api.post(place, {{"text", " "}}).status == 400);
  CHECK(api.post(place, {{"text", "red"}, {"question", 0}}).status == 422);
  CHECK(api.post(place, {{"text", "red"}, {"question", 2}}).detail().find("no question 2") !=
        std::string::npos);
  const ApiAnswer given = api.post(place, {{"text", "red"}, {"question", 1}});
  INFO(given.text);
  REQUIRE(given.status == 202);
  CHECK(given.json.at("run") == id);
  const Json record = api.wait_for_end(id);
  CHECK(record.at("questions").at(0).at("answer") == "red");
  CHECK(record.at("questions").at(0).at("answered_by").get<std::string>().find("session phone-1") !=
        std::string::npos);
  CHECK(api.post(place, {{"text", "red"}}).kind() == "refused");
}

TEST_CASE("a run is stopped, and tried again") {
  Control api;
  const std::string id = api.start("talker");
  api.wait_for_words(id, "ready");
  CHECK(api.post("/runs/" + id + "/retry").detail().find("still running") != std::string::npos);
  CHECK(api.post("/runs/" + id + "/stop").status == 202);
  CHECK(api.wait_for_end(id).at("outcome") == "killed");
  CHECK(api.post("/runs/" + id + "/stop").detail().find("ended already") != std::string::npos);
  const ApiAnswer again = api.post("/runs/" + id + "/retry");
  INFO(again.text);
  REQUIRE(again.status == 202);
  CHECK(again.json.at("retry_of") == id);
  const std::string next = again.json.at("id").get<std::string>();
  CHECK(again.headers.at("location") == "../" + next);
  api.wait_for_words(next, "ready");
  CHECK(api.post("/runs/" + next + "/stop").status == 202);
  api.wait_for_end(next);
}

TEST_CASE("what a session has started is counted as its cost, with its chats") {
  Control api;
  CHECK(api.get("/session-costs").json.at("sessions").empty());
  const std::string run = api.start("quick");
  api.wait_for_end(run);
  api.caller.session = "tablet-2";
  const std::string other = api.post("/runs/" + run + "/retry").json.at("id");
  const Json record = api.wait_for_end(other);
  store::RunRecord told = store::run_from_json(record, "the answer");
  told.cost_usd = 0.5;
  api.project.store().update({"write", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    store::write_run(change, told);
  });
  const chat::SessionFiles files(api.project);
  chat::Session session{chat::new_session_id(), api.project.clock().now(), "claude", {}};
  for (const char* sender : {"owner (session tablet-2)", ""}) {
    chat::Message message;
    message.sent_at = session.created_at;
    message.text = "Please.";
    message.sender = sender;
    message.answered_at = session.created_at;
    message.answer = "Yes.";
    message.cost_usd = 0.25;
    session.messages.push_back(message);
  }
  files.append(session.id, opening_line(session) + message_line(session.messages[0]) +
                               answer_line(session.messages[0]) + message_line(session.messages[1]) +
                               answer_line(session.messages[1]));
  const Json expected{
      {{"session", "phone-1"}, {"runs", 1}, {"untold", 1}, {"runs_usd", 0.0}, {"chats_usd", 0.0}},
      {{"session", "tablet-2"}, {"runs", 1}, {"untold", 0}, {"runs_usd", 0.5}, {"chats_usd", 0.25}}};
  CHECK(api.get("/session-costs").json.at("sessions") == expected);
  api.caller.may_write = false;
  CHECK(api.get("/session-costs").status == 403);
}
