#include "run/live_server.hpp"

#include <doctest/doctest.h>

#include "../live_processes.hpp"
#include "../temporary_folder.hpp"
#include "run/live_client.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::run;
using changeling::test::eventually;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;

namespace {

/// A server on a run's folder, and what it told of messages.
struct Run {
  TemporaryFolder folder;
  project::RunFiles files{folder.path() / "run"};
  store::RunRecord record;
  std::vector<std::string> noted;
  std::optional<LiveServer> server;

  Run() {
    record.id = "abcd2345";
    record.changeling = "sprite";
    folder.write("run/log", "one\ntwo\nthree\n");
    server.emplace(files, record, [this](const std::string& from, const std::string& text) {
      noted.push_back(from + ": " + text);
    });
  }

  LineSocket connect() const {
    auto socket = LineSocket::connect(files.socket());
    REQUIRE(socket);
    return std::move(*socket);
  }
  /// The answers to one line.
  std::vector<Json> ask(LineSocket& socket, const std::string& line) {
    socket.send(line);
    server->serve();
    std::vector<Json> answers;
    for (const auto& answer : socket.receive()) answers.push_back(Json::parse(answer));
    return answers;
  }
};

}  // namespace

TEST_CASE("live: messages reach the receiver and are told with their sender") {
  Run run;
  auto socket = run.connect();
  std::string got;
  const std::string message = R"({"do":"send","text":"hello","from":"Ada"})";
  CHECK(run.ask(socket, message)[0]["reason"] == "the agent has not been started yet");
  {
    const ReceivingMessages receiving(&*run.server,
                                      [&](const std::string& text) -> std::optional<std::string> {
                                        if (text == "no") return "not now";
                                        got = text;
                                        return std::nullopt;
                                      });
    CHECK(run.ask(socket, message) == std::vector<Json>{{{"ok", true}}});
    CHECK(got == "hello");
    CHECK(run.ask(socket, R"({"do":"send","text":"no"})")[0] == Json{{"ok", false}, {"reason", "not now"}});
    CHECK(run.ask(socket, R"({"do":"send","text":" "})")[0]["reason"] == "the message is empty");
  }
  CHECK(run.ask(socket, message)[0]["reason"] == "the agent has ended");
  CHECK(run.noted == std::vector<std::string>{"Ada: hello"});
}

TEST_CASE("live: wrong requests are answered and do no harm") {
  Run run;
  auto socket = run.connect();
  for (const std::string line : {"nonsense", "[1]", "{}", R"({"do":"dance"})", R"({"do":7})",
                                 R"({"do":"send","text":5})", R"({"do":"attach","tail":"x"})", "\xFF"}) {
    CAPTURE(line);
    const auto answers = run.ask(socket, line);
    REQUIRE(answers.size() == 1);
    CHECK(answers[0]["ok"] == false);
    CHECK_FALSE(answers[0]["reason"].get<std::string>().empty());
  }
  CHECK(run.ask(socket, "  ").empty());
  CHECK_FALSE(run.server->stop_requested());
  CHECK(run.ask(socket, R"({"do":"stop"})")[0]["ok"] == true);
  CHECK(run.server->stop_requested());
  CHECK(run.ask(socket, R"({"do":"send","text":"hello"})")[0]["reason"] == "the run is being stopped");
}

TEST_CASE("live: who has gone before the request was read gets nothing done") {
  Run run;
  {
    auto socket = run.connect();
    socket.send(R"({"do":"stop"})");
  }
  run.server->serve();
  CHECK_FALSE(run.server->stop_requested());
  CHECK(run.server->watched().size() == 1);
}

TEST_CASE("live: attached visitors get the log from where they ask, what comes, and the end") {
  Run run;
  auto all = run.connect();
  auto tail = run.connect();
  auto fresh = run.connect();
  const auto whole = run.ask(all, R"({"do":"attach"})");
  REQUIRE(whole.size() == 2);
  CHECK(whole[0]["run"] == "abcd2345");
  CHECK(whole[0]["takes_messages"] == false);
  CHECK(whole[1] == Json{{"output", "one\ntwo\nthree\n"}});
  CHECK(run.ask(tail, R"({"do":"attach","tail":2})")[1] == Json{{"output", "two\nthree\n"}});
  CHECK(run.ask(fresh, R"({"do":"attach","tail":0})").size() == 1);
  CHECK(run.server->watched().size() == 4);

  run.folder.write("run/log", "one\ntwo\nthree\ngrün ✓\nhalf a line");
  run.server->serve();
  for (auto* socket : {&all, &tail, &fresh}) {
    CHECK(socket->receive() == std::vector<std::string>{R"({"output":"grün ✓\n"})"});
  }
  run.record.outcome = store::Outcome::OpenedPr;
  run.server->announce_end(run.record);
  for (auto* socket : {&all, &tail, &fresh}) {
    const auto lines = socket->receive();
    REQUIRE(lines.size() == 2);
    CHECK(Json::parse(lines[0]) == Json{{"output", "half a line"}});
    CHECK(Json::parse(lines[1])["ended"]["outcome"] == "opened-pr");
    CHECK(Json::parse(lines[1])["ended"]["success"] == true);
    CHECK(socket->gone());
  }
  CHECK_FALSE(std::filesystem::exists(run.files.socket()));
}

TEST_CASE("live: who reads slowly gets all of the log in the end") {
  Run run;
  std::string log;
  for (int line = 0; log.size() < 3'000'000; ++line) log += std::to_string(line) + " of a long log\n";
  run.folder.write("run/log", log);
  auto socket = run.connect();
  socket.send(R"({"do":"attach"})");
  run.server->serve();
  const auto watched = run.server->watched();
  CHECK(std::any_of(watched.begin(), watched.end(),
                    [](const pollfd& one) { return (one.events & POLLOUT) != 0; }));
  std::string got;
  eventually([&] {
    run.server->serve();
    for (const auto& line : socket.receive()) got += json_string(Json::parse(line), "output").value_or("");
    return got.size() >= log.size();
  });
  CHECK(got == log);
}

TEST_CASE("live: the client's questions end with the answer, the patience or the connection") {
  Run run;
  auto client = LiveClient::connect(run.files);
  REQUIRE(client);
  CHECK_FALSE(client->stop(10ms));  // Nobody serves.
  run.server->serve();
  CHECK(run.server->stop_requested());
  run.server->announce_end(run.record);
  CHECK_FALSE(client->send("hello", "Ada", 5s));
  CHECK_FALSE(LiveClient::connect(run.files));
}

TEST_CASE("live: a run goes on where no socket can be made") {
  TemporaryFolder folder;
  folder.write("file", "");
  LiveServer server({folder.path() / "file"}, {}, {});
  CHECK_FALSE(server.problem().empty());
  server.serve();
  CHECK(server.watched().empty());
}

TEST_CASE("live: an answer reaches the agent's question, and is refused with the reason") {
  Run run;
  auto socket = run.connect();
  const std::string answer = R"({"do":"answer","question":2,"text":"blue","from":"Ada"})";
  CHECK(run.ask(socket, answer)[0]["reason"] == "the agent has no open question");
  std::string got;
  run.server->take_answers([&](int question, const std::string& text, const std::string& from) {
    if (question == 0) throw Error(ErrorKind::Refused, "question 1 was answered by Bob");
    got = from + " to " + std::to_string(question) + ": " + text;
    return true;
  });
  CHECK(run.ask(socket, answer).at(0) == Json{{"ok", true}, {"read", true}});
  CHECK(got == "Ada to 2: blue");
  CHECK(run.ask(socket, R"({"do":"answer","text":"red"})")[0]["reason"] == "question 1 was answered by Bob");
  CHECK(run.ask(socket, R"({"do":"answer","text":" "})")[0]["reason"] == "the answer is empty");
}

TEST_CASE("live: the leader itself takes a message to the agent") {
  Run run;
  CHECK(run.server->deliver("hello") == "the agent has not been started yet");
  std::string got;
  const ReceivingMessages receiving(&*run.server, [&](const std::string& text) -> std::optional<std::string> {
    got = text;
    return std::nullopt;
  });
  CHECK_FALSE(run.server->deliver("hello"));
  CHECK(got == "hello");
}
