#include <chrono>
#include <thread>

#include "api_fixture.hpp"
#include "chat/proposal_writing.hpp"
#include "chat/session_files.hpp"
#include "project/trust.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

/// A session whose only message was answered with this proposal.
std::string session_with(Api& api, const Json& proposal) {
  const chat::SessionFiles files(api.project);
  chat::Session session{chat::new_session_id(), api.project.clock().now(), "claude", {}};
  chat::Message message;
  message.sent_at = session.created_at;
  message.text = "Please.";
  message.answered_at = session.created_at;
  message.answer = "Like this.";
  message.cost_usd = 0.25;
  message.proposal = chat::proposal_from_json(proposal);
  files.append(session.id, opening_line(session) + message_line(message) + answer_line(message));
  return session.id;
}

const Json tidy{{"kind", "changeling"},
                {"name", "tidy"},
                {"fields", {{"prompt", "Tidy up."}, {"schedule", "0 3 * * *"}}}};

std::string digest_of(Api& api, const std::string& id) {
  return api.get("/chat/" + id).json.at("messages").back().at("proposal").at("digest").get<std::string>();
}

/// An agent that is driven as Claude Code is, and runs these lines of shell.
void let_answer(Api& api, const std::string& script) {
  const auto program = api.home.path() / "stub";
  std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  api.write_definitions("[agents.stub]\nlauncher = \"claude\"\ncommand = [\"" + program.string() + "\"]\n");
  api.place.git("config changeling.chatAgent stub");
  for (const ApprovalSubject& subject : project::approval_subjects(api.project))
    project::approve(api.project, subject);
}

/// The chat once no agent is at work in it.
Json answered(Api& api, const std::string& id) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (;;) {
    const Json json = api.get("/chat/" + id).json;
    if (!json.at("answering").get<bool>()) return json.at("messages").back();
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

const char* const hello =
    R"(echo '{"type":"result","subtype":"success","is_error":false,"terminal_reason":"completed",'\
'"stop_reason":"end_turn","total_cost_usd":0.5,"num_turns":2,"structured_output":{"text":"Hello."}}')";

}  // namespace

TEST_CASE_FIXTURE(Api, "a message is answered in the background, and the chat goes on") {
  let_answer(*this, hello);
  const ApiAnswer begun = post("/chat", {{"text", "Hello?"}});
  INFO(begun.text);
  REQUIRE(begun.status == 202);
  const auto id = begun.json.at("id").get<std::string>();
  CHECK(begun.headers.at("location") == "chat/" + id);
  const Json first = answered(*this, id);
  CHECK(first.at("answer") == "Hello.");
  CHECK(first.at("sender") == "ada (session phone-1)");
  CHECK(first.at("cost_usd") == 0.5);
  REQUIRE(post("/chat/" + id + "/messages", {{"text", "Again?"}}).status == 202);
  CHECK(answered(*this, id).at("answer") == "Hello.");
  CHECK(get("/chat").json.at("day").at("spent_usd") == 1.0);
}

TEST_CASE_FIXTURE(Api, "an agent at work takes no second message, and is stopped") {
  let_answer(*this, "exec sleep 600");
  const auto id = post("/chat", {{"text", "Take your time"}}).json.at("id").get<std::string>();
  CHECK(post("/chat/" + id + "/messages", {{"text", "Hello?"}}).kind() == "conflict");
  CHECK(post("/chat/" + id + "/stop").status == 202);
  CHECK(answered(*this, id).at("problem") == "stopped before there was an answer");
}

TEST_CASE_FIXTURE(Api, "a chat is shown with its proposal, which is nothing before it is confirmed") {
  const std::string id = session_with(*this, tidy);
  const ApiAnswer all = get("/chat");
  REQUIRE(all.json.at("chats").size() == 1);
  CHECK(all.json.at("chats").at(0).at("cost_usd") == 0.25);
  CHECK(all.json.at("day").at("spent_usd") == 0.25);
  CHECK(all.json.at("day").at("cap_usd") == 10);
  const ApiAnswer one = get("/chat/" + id);
  REQUIRE(one.status == 200);
  const Json& proposal = one.json.at("messages").at(0).at("proposal");
  CHECK(proposal.at("is_new") == true);
  CHECK(proposal.at("difference").get<std::string>().find("+prompt = \"Tidy up.\"") != std::string::npos);
  CHECK(get("/changelings").json.at("changelings").empty());

  const ApiAnswer done = post("/chat/" + id + "/confirm", {{"digest", digest_of(*this, id)}});
  REQUIRE(done.status == 200);
  CHECK(done.json == Json{{"kind", "changeling"}, {"name", "tidy"}, {"is_new", true}, {"trusted", false}});
  CHECK(get("/changelings/tidy").json.at("trusted") == false);
  CHECK(newest_message().find("Session: phone-1") != std::string::npos);
  CHECK(get("/chat/" + id).json.at("messages").at(0).at("proposal").at("decision") == "confirmed");
  CHECK(post("/chat/" + id + "/confirm", {{"digest", proposal.at("digest")}}).status == 409);
}

TEST_CASE_FIXTURE(Api, "what was declined, or has another digest, is not done") {
  const std::string id = session_with(*this, tidy);
  CHECK(post("/chat/" + id + "/confirm", {{"digest", std::string(64, '0')}}).status == 409);
  const std::string digest = digest_of(*this, id);
  CHECK(post("/chat/" + id + "/decline", {{"digest", digest}}).status == 200);
  CHECK(post("/chat/" + id + "/confirm", {{"digest", digest}}).status == 409);
  CHECK(get("/changelings").json.at("changelings").empty());
}

TEST_CASE_FIXTURE(Api, "a proposal that was shown before something changed is not confirmed") {
  REQUIRE(post("/changelings", {{"name", "tidy"}, {"prompt", "Tidy a little."}}).status == 201);
  const std::string id = session_with(*this, tidy);
  const std::string digest = digest_of(*this, id);
  REQUIRE(ask("PATCH", "/changelings/tidy", {{"prompt", "Tidy nothing."}}).status == 200);
  CHECK(post("/chat/" + id + "/confirm", {{"digest", digest}}).kind() == "conflict");
  CHECK(get("/changelings/tidy").json.at("prompt") == "Tidy nothing.");
}

TEST_CASE_FIXTURE(Api, "a viewer sees no chat and sends nothing") {
  const std::string id = session_with(*this, tidy);
  const std::string digest = digest_of(*this, id);
  caller = {"phone-2", "viewer", false};
  CHECK(get("/chat").json.at("chats").empty());
  CHECK(get("/chat/" + id).status == 404);
  CHECK(post("/chat", {{"text", "Hello"}}).status == 403);
  CHECK(post("/chat/" + id + "/messages", {{"text", "Hello"}}).status == 403);
  CHECK(post("/chat/" + id + "/confirm", {{"digest", digest}}).status == 403);
}

TEST_CASE_FIXTURE(Api, "a message that may not be answered is not kept") {
  CHECK(get("/chat/nothere1").status == 404);
  CHECK(post("/chat/nothere1/messages", {{"text", "Hello"}}).status == 404);
  CHECK(post("/chat", {{"text", " "}}).status == 400);
  place.git("config changeling.chatAgent nobody");
  CHECK(post("/chat", {{"text", "Hello"}}).status == 404);
  place.git("config changeling.chatAgent mngr");
  CHECK(post("/chat", {{"text", "Hello"}}).kind() == "refused");
  place.git("config --unset changeling.chatAgent");
  place.git("config changeling.chatMaxCost 0");
  CHECK(post("/chat", {{"text", "Hello"}}).detail().find("$0.00 are allowed") != std::string::npos);
  place.git("config --unset changeling.chatMaxCost");
  REQUIRE(ask("PUT", "/halt", {{"reason", "quiet"}}).status == 200);
  CHECK(post("/chat", {{"text", "Hello"}}).detail().find("switched off") != std::string::npos);
  CHECK(get("/chat").json.at("chats").empty());
  const std::string id = session_with(*this, tidy);
  CHECK(post("/chat/" + id + "/stop").status == 409);
}
