#include "server/run_output.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "../temporary_folder.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::server;

namespace {

/// A log, and what a client got of it.
struct Watched {
  test::TemporaryFolder folder;
  std::string log = (folder.path() / "log").string();
  std::unique_ptr<EventLoop> loop = make_event_loop();
  std::vector<Json> got;
  std::size_t unsent = 0;
  std::unique_ptr<RunOutput> output;

  void write(const std::string& text) const { std::ofstream(log, std::ios::app) << text; }
  void watch(std::uint64_t after) {
    const RunOutput::Client client{[this](const std::string& text) { got.push_back(Json::parse(text)); },
                                   [this] { return unsent; }};
    output = std::make_unique<RunOutput>(*loop, RunOutput::Source{"r1", log, after}, client);
  }
  /// Lets the loop go on until there is so much text, at most ten seconds.
  std::string text_of(std::size_t bytes) {
    const auto limit = loop->after(std::chrono::seconds(10), [this] { loop->stop(); });
    EventLoop::Handle step;
    const std::function<void()> look = [&] {
      if (text().size() >= bytes) return loop->stop();
      step = loop->after(std::chrono::milliseconds(2), look);
    };
    step = loop->after(Duration(0), look);
    loop->run([](const std::string& problem) { FAIL(problem); });
    return text();
  }
  std::string text() const {
    std::string text;
    for (const Json& message : got) text += message.value("text", "");
    return text;
  }
};

}  // namespace

TEST_CASE("a client gets what it has not seen, and then what comes, in whole lines") {
  Watched watched;
  watched.write("one\ntwo\nthr");
  watched.watch(4);
  CHECK(watched.text_of(4) == "two\n");
  CHECK(watched.got.back() ==
        Json{{"event", "run.output"}, {"run", "r1"}, {"offset", 4}, {"after", 8}, {"text", "two\n"}});
  watched.write("ee\nfour\n");
  CHECK(watched.text_of(15) == "two\nthree\nfour\n");
  CHECK(watched.got.back().at("after") == 19);
}

TEST_CASE("much comes in parts that follow each other, without a byte lost or twice") {
  Watched watched;
  std::string all;
  for (int line = 0; line < 30000; ++line) all += "line " + std::to_string(line) + " \xc3\xa4\n";
  watched.write(all);
  watched.watch(0);
  CHECK(watched.text_of(all.size()) == all);
  std::uint64_t next = 0;
  for (const Json& message : watched.got) {
    CHECK(message.at("offset") == next);
    next = message.at("after").get<std::uint64_t>();
  }
  CHECK(next == all.size());
}

TEST_CASE("a line that is longer than a part is not kept back, and none of its letters is cut") {
  Watched watched;
  std::string all;
  while (all.size() < 100000) all += "\xe2\x82\xac";
  all += "\n";
  watched.write(all);
  watched.watch(0);
  CHECK(watched.text_of(all.size()) == all);
}

TEST_CASE("a client that reads slowly gets more once it has taken some") {
  Watched watched;
  watched.write("one\n");
  watched.unsent = std::size_t{1} << 20U;
  watched.watch(0);
  const auto later = watched.loop->after(std::chrono::milliseconds(30), [&] {
    CHECK(watched.got.empty());
    watched.unsent = 0;
  });
  CHECK(watched.text_of(4) == "one\n");
}

TEST_CASE("a log whose middle was left out makes the client load anew") {
  Watched watched;
  watched.write("one\n");
  watched.watch(10);
  const auto later = watched.loop->after(std::chrono::milliseconds(20), [&] { watched.write("two\n"); });
  CHECK(watched.text_of(4) == "two\n");
  CHECK(watched.got.front() == Json{{"event", "run.output.reset"}, {"run", "r1"}, {"after", 4}});
}

TEST_CASE("a run without a log cannot be followed") {
  Watched watched;
  CHECK_THROWS_AS(watched.watch(0), Error);
}
