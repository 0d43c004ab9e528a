#include <sys/stat.h>

#include "api_fixture.hpp"
#include "changeling/approval_subject.hpp"
#include "project/definitions.hpp"
#include "project/missing_logins.hpp"
#include "project/trust.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

/// A repository with an agent type that answers whoever has the right key.
struct Credentials : Api {
  Credentials() {
    write_definitions(
        "[agents.teller]\n"
        "command = [\"sh\", \"-c\", \"test \\\"$TELLER_KEY\\\" = right && echo ready\", \"{prompt}\"]\n"
        "pass_env = [\"TELLER_KEY\", \"TELLER_HOME\"]\n");
  }
  AgentType teller() { return project::DefinitionSet::load(project).agent("teller"); }
  Json of(const std::string& agent) {
    const ApiAnswer answer = get("/credentials");
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    for (const Json& one : answer.json.at("agents")) {
      if (one.at("agent") == agent) return one;
    }
    return nullptr;
  }
  std::filesystem::path file(const std::string& name) const {
    return home.path() / ".local/share/git-changeling/credentials" / name;
  }
};

}  // namespace

TEST_CASE("a credential is kept for its owner alone, and given back by nothing") {
  Credentials api;
  CHECK(api.of("teller").at("credentials").empty());
  CHECK(api.of("command").is_null());
  const ApiAnswer kept = api.ask("PUT", "/credentials/teller", {{"value", "geheim\n"}});
  INFO(kept.text);
  REQUIRE(kept.status == 200);
  CHECK(kept.json.at("takes") == Json::array({"TELLER_KEY"}));
  CHECK(kept.json.at("credentials").at(0).at("where") == "kept");
  CHECK(api.of("teller") == kept.json);
  CHECK(read_file(api.file("teller/TELLER_KEY")) == "geheim");
  struct stat info {};
  REQUIRE(::stat(api.file("teller/TELLER_KEY").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600);
  for (const char* path : {"/credentials", "/settings", "/status", "/needs"})
    CHECK(api.get(path).text.find("geheim") == std::string::npos);
  CHECK(kept.text.find("geheim") == std::string::npos);
  CHECK(api.ask("DELETE", "/credentials/teller").json.at("removed") == Json::array({"TELLER_KEY"}));
  CHECK(api.ask("DELETE", "/credentials/teller").status == 404);
  CHECK(api.of("teller").at("credentials").empty());
}

TEST_CASE("credentials are the owner's, also to look at") {
  Credentials api;
  api.caller = {"phone-2", "viewer", false};
  CHECK(api.get("/credentials").status == 403);
  CHECK(api.ask("PUT", "/credentials/teller", {{"value", "x"}}).status == 403);
  CHECK(api.post("/credentials/teller/validate").status == 403);
  CHECK(api.ask("DELETE", "/credentials/teller").status == 403);
  CHECK_FALSE(std::filesystem::exists(api.file("teller")));
}

TEST_CASE("a login is validated by an answer, which ends the wait for it") {
  Credentials api;
  const ApiAnswer refused = api.post("/credentials/teller/validate");
  CHECK(refused.status == 409);
  CHECK(refused.hint().find("git changeling trust") != std::string::npos);
  project::approve(api.project, approval_subject(api.teller()));
  const project::MissingLogins logins(api.environment());
  logins.note(api.teller(), api.project.clock().now());
  CHECK(
      api.of("teller").at("missing").at("reason").get<std::string>().starts_with("teller is not logged in"));
  CHECK(api.post("/credentials/teller/validate").json.at("works") == false);
  CHECK(logins.find(api.teller()));
  api.ask("PUT", "/credentials/teller", {{"value", "wrong"}});
  CHECK(api.post("/credentials/teller/validate").json.at("works") == false);
  api.ask("PUT", "/credentials/teller", {{"value", "right"}});
  logins.note(api.teller(), api.project.clock().now() + std::chrono::minutes(1));
  const ApiAnswer works = api.post("/credentials/teller/validate");
  INFO(works.text);
  CHECK(works.json == Json{{"agent", "teller"}, {"works", true}, {"detail", "it answered"}});
  CHECK(api.of("teller").at("missing").is_null());
}

TEST_CASE("what makes no sense is refused without the value in the answer") {
  Credentials api;
  CHECK(api.ask("PUT", "/credentials/tellr", {{"value", "geheim"}}).hint().find("teller") !=
        std::string::npos);
  CHECK(api.ask("PUT", "/credentials/claude", {{"value", "geheim"}}).status == 400);
  CHECK(api.ask("PUT", "/credentials/command", {{"value", "geheim"}}).status == 409);
  CHECK(api.ask("PUT", "/credentials/teller", {{"value", ""}}).status == 422);
  const ApiAnswer lines = api.ask("PUT", "/credentials/teller", {{"value", "geheim\nzwei"}});
  CHECK(lines.status == 422);
  CHECK(lines.text.find("geheim") == std::string::npos);
  CHECK(api.ask("PUT", "/credentials/teller", {{"variable", "PATH"}, {"value", "x"}}).status == 404);
}

TEST_CASE("until when a login holds is what its program has written") {
  Credentials api;
  const auto file = project::claude_login_file(api.environment());
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << R"({"claudeAiOauth": {"accessToken": "geheim", "expiresAt": 1796000000000}})";
  CHECK(api.of("claude").at("until") == "2026-11-30T00:53:20.000Z");
  CHECK(api.of("claude").at("renews_itself") == false);
  std::ofstream(file) << R"({"claudeAiOauth": {"refreshToken": "geheim", "expiresAt": 1796000000000}})";
  CHECK(api.of("claude").at("renews_itself") == true);
  CHECK(api.get("/credentials").text.find("geheim") == std::string::npos);
  api.ask("PUT", "/credentials/claude", {{"variable", "ANTHROPIC_API_KEY"}, {"value", "one"}});
  CHECK(api.of("claude").at("until").is_null());
  for (const char* text : {"", "[]", "{\"claudeAiOauth\": 7}"}) {
    std::ofstream(file) << text;
    CHECK(api.of("claude").at("until").is_null());
  }
}
