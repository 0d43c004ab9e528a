#include "api_fixture.hpp"
#include "run/progress_file.hpp"
#include "store/records.hpp"

using namespace changeling;
using testing::Api;
using testing::ApiAnswer;

namespace {

const Timestamp start = parse_timestamp("2026-11-20T03:00:00Z");

struct Runs : Api {
  void add(const std::string& id, int minute, const std::function<void(store::RunRecord&)>& change = {}) {
    store::RunRecord run;
    run.id = id;
    run.changeling = "sprite";
    run.trigger = "manual";
    run.agent = "command";
    run.status = store::RunStatus::Finished;
    run.outcome = store::Outcome::NoChanges;
    run.started_at = start + std::chrono::minutes(minute);
    run.ended_at = run.started_at + std::chrono::seconds(5);
    run.host = "here";
    if (change) change(run);
    project.store().update({"run", "test", {}}, [&](const store::Snapshot&, store::Change& written) {
      store::write_run(written, run);
    });
  }
  void write_log(const std::string& id, const std::string& text, const std::string& name = "log") {
    const auto folder = project.places().run(id).folder;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / name) << text;
  }
  std::vector<std::string> listed(const std::string& query) {
    const ApiAnswer answer = get("/runs" + query);
    INFO(answer.text);
    REQUIRE(answer.status == 200);
    std::vector<std::string> ids;
    for (const Json& run : answer.json.at("runs")) ids.push_back(run.at("id").get<std::string>());
    return ids;
  }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("runs are listed newest first, by every condition, a page at a time") {
  Runs api;
  const std::string task = api.add_task("worked on");
  api.add("aaaa2345aa", 0);
  api.add("bbbb2345bb", 1, [](auto& run) {
    run.outcome = store::Outcome::Failed;
    run.error = "the moon was wrong";
  });
  api.add("cccc2345cc", 2, [&](auto& run) {
    run.changeling = "fairy";
    run.task = task;
    run.trigger = "schedule";
  });
  CHECK(api.listed("") == Ids{"cccc2345cc", "bbbb2345bb", "aaaa2345aa"});
  CHECK(api.listed("?changeling=fairy") == Ids{"cccc2345cc"});
  CHECK(api.listed("?task=" + task.substr(0, 6)) == Ids{"cccc2345cc"});
  CHECK(api.listed("?outcome=failed") == Ids{"bbbb2345bb"});
  CHECK(api.listed("?failed=true") == Ids{"bbbb2345bb"});
  CHECK(api.listed("?trigger=schedule") == Ids{"cccc2345cc"});
  CHECK(api.listed("?search=moon") == Ids{"bbbb2345bb"});
  CHECK(api.listed("?outcome=lost").empty());
  CHECK(api.listed("?since=2026-11-20T03:01:00Z&until=2026-11-20T03:02:00Z") == Ids{"bbbb2345bb"});
  const ApiAnswer first = api.get("/runs?limit=2");
  CHECK(first.json.at("total") == 3);
  const std::string cursor = first.json.at("next_cursor").get<std::string>();
  api.add("dddd2345dd", 9);
  CHECK(api.listed("?limit=2&cursor=" + cursor) == Ids{"aaaa2345aa"});
  CHECK(api.get("/runs?outcome=faild").hint().find("failed") != std::string::npos);
}

TEST_CASE("a run is shown by id, by its beginning, and as the newest of a changeling") {
  Runs api;
  api.add("aaaa2345aa", 0);
  api.add("bbbb2345bb", 1);
  CHECK(api.get("/runs/aaaa").json.at("id") == "aaaa2345aa");
  CHECK(api.get("/runs/sprite").json.at("id") == "bbbb2345bb");
  CHECK(api.get("/runs/bbbb2345bb").json.at("outcome") == "no-changes");
  CHECK(api.get("/runs/zzzz").status == 404);
}

TEST_CASE("a log is read in parts that cut no letter, from the front and from the end") {
  Runs api;
  api.add("aaaa2345aa", 0);
  CHECK(api.get("/runs/aaaa/log").status == 404);
  api.write_log("aaaa2345aa", "one\ntwo \xc3\xa4\n");
  const ApiAnswer whole = api.get("/runs/aaaa/log");
  CHECK(whole.json.at("text") == "one\ntwo \xc3\xa4\n");
  CHECK(whole.json.at("size") == 11);
  CHECK(whole.json.at("live") == false);
  const ApiAnswer part = api.get("/runs/aaaa/log?offset=4&limit=5");
  CHECK(part.json.at("text") == "two ");
  CHECK(part.json.at("next_offset") == 8);
  const ApiAnswer rest = api.get("/runs/aaaa/log?offset=8&limit=5");
  CHECK(rest.json.at("text") == "\xc3\xa4\n");
  CHECK(rest.json.at("next_offset") == 11);
  CHECK(api.get("/runs/aaaa/log?offset=-3").json.at("text") == "\xc3\xa4\n");
  CHECK(api.get("/runs/aaaa/log?offset=99").json.at("text") == "");
  CHECK(api.get("/runs/aaaa/log?offset=-999").json.at("offset") == 0);
}

TEST_CASE("the tail of a log begins with a line, unless that is too long") {
  Runs api;
  api.add("aaaa2345aa", 0);
  api.write_log("aaaa2345aa", "one\ntwo\nthree\n");
  CHECK(api.get("/runs/aaaa/log?tail=6").json.at("text") == "three\n");
  CHECK(api.get("/runs/aaaa/log?tail=9").json.at("text") == "three\n");
  CHECK(api.get("/runs/aaaa/log?tail=10").json.at("text") == "two\nthree\n");
  CHECK(api.get("/runs/aaaa/log?tail=99").json.at("text") == "one\ntwo\nthree\n");
  CHECK(api.get("/runs/aaaa/log?tail=3").json.at("text") == "ee\n");
  CHECK(api.get("/runs/aaaa/log?tail=0").status == 400);
}

TEST_CASE("a log is a file to be kept, with every byte") {
  Runs api;
  api.add("aaaa2345aa", 0);
  api.write_log("aaaa2345aa", "one\n");
  api.write_log("aaaa2345aa", "\x1b[31mred\xff\n", "transcript");
  const ApiAnswer log = api.get("/runs/aaaa/log/file");
  CHECK(log.content_type == "text/plain; charset=utf-8");
  CHECK(log.headers.at("content-disposition") == "attachment; filename=\"aaaa2345aa.log\"");
  CHECK(log.text == "one\n");
  CHECK(api.get("/runs/aaaa/log/file?transcript=true").text == "\x1b[31mred\xff\n");
  CHECK(api.get("/runs/aaaa/log/file", {{"if-none-match", log.tag()}}).status == 304);
}

TEST_CASE("a transcript is as the agent printed it, and commands nobody's terminal") {
  Runs api;
  api.add("aaaa2345aa", 0);
  api.write_log("aaaa2345aa", "\x1b[31mred\xff\n", "transcript");
  const ApiAnswer answer = api.get("/runs/aaaa/log?transcript=true");
  CHECK(answer.json.at("text") == "\x1b[31mred\xef\xbf\xbd\n");
  CHECK(answer.text.find('\x1b') == std::string::npos);
}

TEST_CASE("what an agent printed is shown by turns, and goes on where it was read to") {
  Runs api;
  api.add("aaaa2345aa", 0);
  CHECK(api.get("/runs/aaaa/transcript").status == 404);
  const std::string first =
      R"({"type":"assistant","message":{"id":"m1","content":[{"type":"text","text":"I look."}]}})"
      "\n";
  api.write_log("aaaa2345aa", first, "transcript");
  const ApiAnswer shown = api.get("/runs/aaaa/transcript");
  INFO(shown.text);
  CHECK(shown.json.at("turns").at(0).at("id") == "m1");
  CHECK(shown.json.at("turns").at(0).at("entries").at(0).at("text") == "I look.");
  CHECK(shown.json.at("next_offset") == first.size());
  api.write_log("aaaa2345aa", first + "message from Ada: closer\n", "transcript");
  const ApiAnswer more = api.get("/runs/aaaa/transcript?offset=" + std::to_string(first.size()));
  REQUIRE(more.json.at("turns").size() == 1);
  CHECK(more.json.at("turns").at(0).at("id") == "");
  CHECK(more.json.at("turns").at(0).at("entries").at(0).at("kind") == "message");
  CHECK(api.get("/runs/aaaa/transcript?tail=27").json.at("turns").at(0).at("entries").size() == 1);
}

TEST_CASE("what a run has changed is shown line by line, also of one that failed") {
  Runs api;
  api.add("aaaa2345aa", 0);
  CHECK(api.get("/runs/aaaa/diff").status == 404);
  api.place.git("commit -q --allow-empty -m base");
  const std::string base = api.project.repository().resolve("refs/heads/main")->hex();
  api.place.git("switch -q -c work");
  std::ofstream(api.place.path() / "new.txt") << "one line\n";
  api.place.git("add .");
  api.place.git("commit -q -m work");
  const std::string head = api.project.repository().resolve("refs/heads/work")->hex();
  api.add("bbbb2345bb", 1, [&](auto& run) {
    run.outcome = store::Outcome::VerificationFailed;
    run.base_commit = base;
    run.head = head;
  });
  const ApiAnswer shown = api.get("/runs/bbbb/diff");
  INFO(shown.text);
  CHECK(shown.json.at("run") == "bbbb2345bb");
  CHECK(shown.json.at("base") == base);
  CHECK(shown.json.at("head") == head);
  CHECK(shown.json.at("files").at(0).at("hunks").at(0).at("lines").at(0).at("text") == "one line");
  CHECK(api.get("/runs/bbbb/diff?path=new.txt").json.at("files").size() == 1);
  CHECK(api.get("/runs/bbbb/diff?path=other.txt").status == 404);
}

TEST_CASE("of a run of another machine whose commits are not here, it is said how they come") {
  Runs api;
  api.place.git("commit -q --allow-empty -m base");
  const std::string base = api.project.repository().resolve("refs/heads/main")->hex();
  api.add("aaaa2345aa", 0, [&](auto& run) {
    run.base_commit = base;
    run.head = std::string(40, 'a');
  });
  const ApiAnswer refused = api.get("/runs/aaaa/diff");
  CHECK(refused.kind() == "unavailable");
  CHECK(refused.hint().find("git fetch") != std::string::npos);
}

TEST_CASE("a run that goes on is shown with what its agent has used by now") {
  Runs api;
  api.add("aaaa2345aa", 0, [&](auto& run) {
    run.status = store::RunStatus::Running;
    run.outcome.reset();
    run.ended_at.reset();
    run.started_at = api.project.clock().now();
    run.expires_at = run.started_at + std::chrono::hours(1);
  });
  CHECK(api.get("/runs/aaaa").json.at("turns") == nullptr);
  run::LiveProgress live{"launch", {}};
  live.progress.turns = 3;
  live.progress.tokens = store::TokenUsage{10, 2, 3, 4};
  std::filesystem::create_directories(api.project.places().run("aaaa2345aa").folder);
  run::write_progress(api.project.places().run("aaaa2345aa"), live);
  const Json shown = api.get("/runs/aaaa").json;
  CHECK(shown.at("turns") == 3);
  CHECK(shown.at("tokens").at("input") == 10);
  CHECK(shown.at("cost_usd") == nullptr);
}
