// What holds for every request: paths, methods, who may write, entity tags, conditions, repetition, gzip.
#include "../error_of.hpp"
#include "api_fixture.hpp"
#include "server/api/compression.hpp"
#include "server/api/entity_tag.hpp"
#include "server/api/route.hpp"

#include <sys/stat.h>
#include <zlib.h>

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

std::string unpacked(const std::string& bytes) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string input = bytes;
  std::string text(std::size_t{1} << 20U, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  REQUIRE(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

/// A path of the route with something in the place of each parameter.
std::string sample_path(const server::api::Route& route, const std::string& task) {
  std::string path(route.path);
  for (const auto& [name, value] : std::map<std::string, std::string>{{"{task}", task},
                                                                      {"{changeling}", "sprite"},
                                                                      {"{role}", "writer"},
                                                                      {"{subagent}", "reader"},
                                                                      {"{skill}", "greet"},
                                                                      {"{number}", "1"},
                                                                      {"{run}", "abcd"},
                                                                      {"{subject}", "sprite"},
                                                                      {"{operation}", "abcd"}}) {
    if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), value);
  }
  return path;
}

/// A body with everything that the operation needs.
Json sample_body(const server::api::Route& route) {
  Json body = route.takes_body ? Json::object() : Json(nullptr);
  for (const auto& field : route.body) {
    if (field.required) body[std::string(field.name)] = "ready";
  }
  return body;
}

}  // namespace

TEST_CASE("what is not there is 404, and what is there does not take every method") {
  Api api;
  for (const char* path : {"/nothing", "/tasks/", "/tasks/abcd2345/fly", "/", ""}) {
    INFO(path);
    const ApiAnswer answer = api.get(path);
    CHECK(answer.status == 404);
    CHECK(answer.content_type == "application/problem+json");
    CHECK(answer.kind() == "not_found");
  }
  CHECK(api.ask({"GET", "/api/v2/tasks", {}, {}, "", api.caller}).status == 404);
  CHECK(api.ask({"GET", "/api/v1", {}, {}, "", api.caller}).status == 404);
  const ApiAnswer wrong = api.ask("DELETE", "/tasks");
  CHECK(wrong.status == 405);
  CHECK(wrong.headers.at("allow") == "GET, POST");
  CHECK(api.ask("BREW", "/halt").headers.at("allow") == "DELETE, GET, PUT");
}

TEST_CASE("who may not write gets 403 for every operation that writes, and may read") {
  Api api;
  const std::string task = api.add_task("kept");
  api.caller.may_write = false;
  const std::size_t before = api.commits();
  int refused = 0;
  for (const server::api::Route& route : server::api::routes()) {
    if (route.method == "GET") continue;
    const ApiAnswer answer = api.ask(std::string(route.method), sample_path(route, task), sample_body(route),
                                     {{"idempotency-key", "k"}});
    INFO(route.operation);
    CHECK(answer.status == 403);
    CHECK(answer.kind() == "refused");
    ++refused;
  }
  CHECK(refused > 20);
  CHECK(api.commits() == before);
  CHECK(api.get("/tasks").status == 200);
}

TEST_CASE("parameters that are unknown, or of the wrong kind, are refused with the nearest name") {
  Api api;
  const ApiAnswer unknown = api.get("/tasks?statsu=ready");
  CHECK(unknown.status == 400);
  CHECK(unknown.hint() == "did you mean status?");
  CHECK(api.get("/status?x=1").hint() == "it takes none");
  CHECK(api.get("/tasks?limit=many").detail() == "limit: 'many' is no whole number");
  CHECK(api.get("/tasks?limit=0").status == 400);
  CHECK(api.get("/tasks?limit=201").detail() == "limit: 201 is more than 200");
  CHECK(api.get("/tasks?unblocked=yes").status == 400);
  CHECK(api.get("/tasks?status=ready,flying").status == 400);
  CHECK(api.get("/tasks?view=crad").hint().find("card") != std::string::npos);
  CHECK(api.get("/runs?since=yesterday").status == 400);
}

TEST_CASE("a body is one JSON object of a limited size") {
  Api api;
  const auto send = [&](const std::string& body) {
    return api.ask({"POST", "/api/v1/tasks", {}, {}, body, api.caller});
  };
  CHECK(send("").status == 400);
  CHECK(send("[]").detail() == "the body is array, and no object");
  CHECK(send("{\"title\"").status == 400);
  CHECK(send("{\"title\": \"\xff\"}").status == 400);
  CHECK(send(std::string(100'000, '[')).status == 400);
  CHECK(send("{\"title\":\"" + std::string(server::api::longest_body, 'x') + "\"}").status == 413);
  CHECK(api.ask("GET", "/tasks", {{"title", "t"}}).status == 400);
}

TEST_CASE("an answer that is known already is not sent again") {
  Api api;
  const std::string id = api.add_task("tagged");
  for (const std::string& path :
       {std::string("/tasks"), "/tasks/" + id, std::string("/halt"), std::string("/roles")}) {
    INFO(path);
    const ApiAnswer first = api.get(path);
    const ApiAnswer again = api.get(path, {{"if-none-match", "\"other\", " + first.tag()}});
    CHECK(again.status == 304);
    CHECK(again.text.empty());
    CHECK(again.tag() == first.tag());
    CHECK(api.get(path, {{"if-none-match", "W/" + first.tag()}}).status == 304);
    CHECK(api.get(path, {{"if-none-match", "\"other\""}}).status == 200);
  }
  const std::string tag = api.get("/tasks").tag();
  api.add_task("another");
  CHECK(api.get("/tasks", {{"if-none-match", tag}}).status == 200);
}

TEST_CASE("what was changed since is not overwritten, and both versions are shown") {
  Api api;
  const std::string id = api.add_task("seen");
  const std::string tag = api.get("/tasks/" + id).tag();
  const ApiAnswer theirs = api.ask("PATCH", "/tasks/" + id, {{"title", "theirs"}}, {{"if-match", tag}});
  CHECK(theirs.status == 200);
  const ApiAnswer ours = api.ask("PATCH", "/tasks/" + id, {{"title", "ours"}}, {{"if-match", tag}});
  CHECK(ours.status == 412);
  CHECK(ours.kind() == "conflict");
  CHECK(ours.json.at("yours").at("record").at("title") == "seen");
  CHECK(ours.json.at("current").at("record").at("title") == "theirs");
  CHECK(api.get("/tasks/" + id).json.at("title") == "theirs");
  CHECK(api.ask("PATCH", "/tasks/" + id, {{"title", "ours"}}, {{"if-match", theirs.tag()}}).status == 200);
  const ApiAnswer unknown = api.ask("PATCH", "/tasks/" + id, {{"title", "x"}}, {{"if-match", "\"no\""}});
  CHECK(unknown.json.at("yours") == Json{{"tag", "no"}});
  CHECK(api.ask("PATCH", "/tasks/" + id, {{"title", "any"}}, {{"if-match", "*"}}).status == 200);
}

TEST_CASE("what others have added around a task keeps nobody from writing it") {
  Api api;
  const std::string id = api.add_task("waited for");
  const ApiAnswer seen = api.get("/tasks/" + id);
  api.add_task("waiting", {{"blocked_by", {id}}});
  CHECK(api.get("/tasks/" + id, {{"if-none-match", seen.tag()}}).status == 200);
  CHECK(api.ask("PATCH", "/tasks/" + id, {{"title", "still"}}, {{"if-match", seen.tag()}}).status == 200);
}

TEST_CASE("a stale If-Match stops every operation that takes one, and the others say that they take none") {
  Api api;
  const std::string task = api.add_task("kept", {{"gates", {"person"}}});
  api.post("/changelings", {{"name", "sprite"}, {"run", "true"}});
  api.post("/roles", {{"name", "writer"}, {"prompt", "Write."}});
  api.post("/agents", {{"name", "reader"}, {"description", "Reads"}, {"instructions", "Read."}});
  api.post("/skills", {{"name", "greet"}, {"description", "How"}, {"instructions", "Say hello."}});
  store::PullRequestRecord pull;
  pull.number = 1;
  pull.changeling = "sprite";
  pull.branch = "changelings/sprite/r";
  pull.base = "main";
  api.write_record("pulls/1.json", store::to_json(pull).dump());
  const std::size_t before = api.commits();
  int checked = 0;
  for (const server::api::Route& route : server::api::routes()) {
    if (route.method == "GET") continue;
    const ApiAnswer answer = api.ask(std::string(route.method), sample_path(route, task), sample_body(route),
                                     {{"if-match", "\"stale\""}});
    INFO(route.operation << ": " << answer.text);
    CHECK(answer.status == (route.takes_match ? 412 : route.needs_body && answer.status == 422 ? 422 : 400));
    checked += route.takes_match ? 1 : 0;
  }
  CHECK(checked >= 18);
  CHECK(api.commits() == before);
}

TEST_CASE("the same request with the same key is carried out once") {
  Api api;
  const server::Headers key{{"idempotency-key", "0b6d"}};
  const ApiAnswer first = api.post("/tasks", {{"title", "once"}}, key);
  const ApiAnswer again = api.post("/tasks", {{"title", "once"}}, key);
  CHECK(first.status == 201);
  CHECK(again.status == 201);
  CHECK(again.text == first.text);
  CHECK(again.headers.at("location") == first.headers.at("location"));
  CHECK(again.headers.at("idempotency-replayed") == "true");
  CHECK(api.get("/tasks").json.at("total") == 1);
  CHECK(api.post("/tasks", {{"title", "once"}}, {{"idempotency-key", "other"}}).status == 201);
  CHECK(api.get("/tasks").json.at("total") == 2);
}

TEST_CASE("a key that was another request's, or is none, is refused, and is each user's own") {
  Api api;
  const server::Headers key{{"idempotency-key", "0b6d"}};
  api.post("/tasks", {{"title", "once"}}, key);
  const ApiAnswer other = api.post("/tasks", {{"title", "twice"}}, key);
  CHECK(other.status == 422);
  CHECK(other.detail() == "this Idempotency-Key was used for another request");
  CHECK(api.post("/claims", {{"worker", "w"}}, key).status == 422);
  for (const std::string& bad : {std::string(), std::string("a b"), std::string(256, 'k')})
    CHECK(api.post("/tasks", {{"title", "t"}}, {{"idempotency-key", bad}}).status == 400);
  api.caller.user = "bob";
  CHECK(api.post("/tasks", {{"title", "twice"}}, key).status == 201);
}

TEST_CASE("a refusal is an answer, too, and the file of answers is its owner's alone") {
  Api api;
  const std::string id = api.add_task("ready");
  const server::Headers key{{"idempotency-key", "k1"}};
  CHECK(api.post("/tasks/" + id + "/move", {{"status", "review"}}, key).status == 409);
  api.post("/tasks/" + id + "/claim");
  CHECK(api.post("/tasks/" + id + "/move", {{"status", "review"}}, key)
            .headers.contains("idempotency-replayed"));
  struct stat info {};
  REQUIRE(::stat((api.place.path() / ".git/changelings/requests.sqlite").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("where answers cannot be kept, a request with a key is not carried out") {
  Api api;
  std::filesystem::create_directories(api.place.path() / ".git/changelings");
  std::ofstream(api.place.path() / ".git/changelings/requests.sqlite") << std::string(5000, 'x');
  const ApiAnswer refused = api.post("/tasks", {{"title", "once"}}, {{"idempotency-key", "k"}});
  CHECK(refused.status == 500);
  CHECK(refused.kind() == "io");
  CHECK(refused.hint().starts_with("remove the file"));
  CHECK(api.get("/tasks").json.at("total") == 0);
  CHECK(api.post("/tasks", {{"title", "once"}}).status == 201);
}

TEST_CASE("long answers are compressed for those who take that, under a tag of their own") {
  Api api;
  for (int index = 0; index < 5; ++index) api.add_task("a task with a long title " + std::to_string(index));
  const ApiAnswer plain = api.get("/tasks");
  const ApiAnswer packed = api.get("/tasks", {{"accept-encoding", "br, gzip;q=0.5"}});
  CHECK(packed.headers.at("content-encoding") == "gzip");
  CHECK(packed.headers.at("vary") == "Accept-Encoding");
  CHECK(unpacked(packed.text) == plain.text);
  CHECK(packed.tag() != plain.tag());
  CHECK(api.get("/tasks", {{"if-none-match", packed.tag()}, {"accept-encoding", "gzip"}}).status == 304);
  CHECK(!plain.headers.contains("content-encoding"));
  CHECK(!api.get("/tasks", {{"accept-encoding", "gzip;q=0, br"}}).headers.contains("content-encoding"));
  CHECK(!api.get("/halt", {{"accept-encoding", "gzip"}}).headers.contains("content-encoding"));
}

TEST_CASE("a write with the tag of a compressed answer is one with the same record") {
  Api api;
  const std::string id = api.add_task("packed", {{"description", std::string(2000, 'd')}});
  const ApiAnswer packed = api.get("/tasks/" + id, {{"accept-encoding", "gzip"}});
  CHECK(packed.headers.contains("content-encoding"));
  CHECK(api.ask("PATCH", "/tasks/" + id, {{"title", "new"}}, {{"if-match", packed.tag()}}).status == 200);
}

TEST_CASE("before init everything that needs the state says what to type") {
  testing::OpenProject place;
  server::Request request{"GET", "/api/v1/tasks", {}, {}, "", {"s", "u", true}};
  const server::Response response = server::api::answer(request, place.project);
  CHECK(response.status == 404);
  CHECK(Json::parse(response.body).at("hint") == "start with: git changeling init");
}

TEST_CASE("the description is served as it is") {
  Api api;
  CHECK(api.get("/openapi.json").json.at("openapi") == "3.1.0");
}
