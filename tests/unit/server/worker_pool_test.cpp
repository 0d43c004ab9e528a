#include "server/worker_pool.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <set>
#include <string>
#include <vector>

#include "loop_fixture.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::server;
using namespace std::chrono_literals;
using Outcome = WorkerAnswer::Outcome;

namespace {

/// A pool of this program's own workers, and what they have answered.
struct Pool : testing::Loop {
  explicit Pool(WorkerPool::Settings settings) : pool(*loop, settings, [this] { return start(); }) {}

  WorkerPool::Started start() {
    ++started;
    if (cannot_start) throw Error(ErrorKind::Io, "the system has no process to give");
    Conversation conversation = make_conversation();
    Command command;
    command.arguments = {"/proc/self/exe", "__pool-worker", std::to_string(conversation.theirs->get())};
    command.inherited = {conversation.theirs};
    return {OwnProcess(std::move(command)), std::move(conversation.ours)};
  }
  void ask(const std::string& word, const std::string& body = "") {
    pool.ask({{{"do", word}}, body}, [this](WorkerAnswer answer) { answers.push_back(std::move(answer)); });
  }
  void wait_for(std::size_t count) {
    run_until([&] { return answers.size() >= count; });
  }
  std::set<std::int64_t> processes() const {
    std::set<std::int64_t> found;
    for (const WorkerAnswer& answer : answers) {
      if (answer.outcome == Outcome::Answered)
        found.insert(answer.frame.about.at("process").get<std::int64_t>());
    }
    return found;
  }

  std::vector<WorkerAnswer> answers;
  int started = 0;
  bool cannot_start = false;
  WorkerPool pool;
};

}  // namespace

TEST_CASE("requests wait in one queue and are answered by whoever is free") {
  Pool place({2, 128, 30s});
  for (int number = 0; number < 20; ++number) place.ask("echo", std::string(100000, 'x'));
  CHECK(place.pool.busy() == 2);
  CHECK(place.pool.waiting() == 18);
  place.wait_for(20);
  CHECK(place.started == 2);
  CHECK(place.processes().size() <= 2);
  CHECK(place.answers.back().frame.body.size() == 100000);
  CHECK(place.pool.busy() == 0);
}

TEST_CASE("more than may wait are sent away at once") {
  Pool place({1, 2, 30s});
  for (int number = 0; number < 4; ++number) place.ask("echo");
  // One is at work, two wait.
  REQUIRE(place.answers.size() == 1);
  CHECK(place.answers.front().outcome == Outcome::Overloaded);
  place.wait_for(4);
}

TEST_CASE("strangers wait for everybody else, and only so many of them") {
  Pool place({1, 128, 30s, 2});
  std::vector<std::string> order;
  const auto noted = [&](const std::string& who) {
    return [&order, who](const WorkerAnswer& answer) {
      order.push_back(answer.outcome == Outcome::Overloaded ? who + " refused" : who);
    };
  };
  for (int number = 0; number < 4; ++number)
    place.pool.ask_for_stranger({{{"do", "echo"}}, ""}, noted("stranger"));
  for (int number = 0; number < 2; ++number) place.pool.ask({{{"do", "echo"}}, ""}, noted("owner"));
  place.run_until([&] { return order.size() == 6; });
  CHECK(order ==
        std::vector<std::string>{"stranger refused", "stranger", "owner", "owner", "stranger", "stranger"});
}

TEST_CASE("strangers take half of the workers") {
  Pool place({4, 128, 30s});
  for (int number = 0; number < 6; ++number)
    place.pool.ask_for_stranger({{{"do", "echo"}}, ""},
                                [&](WorkerAnswer answer) { place.answers.push_back(std::move(answer)); });
  CHECK(place.pool.busy() == 2);
  CHECK(place.pool.waiting() == 4);
  place.wait_for(6);
}

TEST_CASE("a worker that crashes costs its own request, and is replaced") {
  Pool place({1, 128, 30s});
  place.ask("echo");
  place.ask("crash");
  place.ask("echo");
  place.wait_for(3);
  CHECK(place.answers[1].outcome == Outcome::Crashed);
  CHECK(place.answers[2].outcome == Outcome::Answered);
  CHECK(place.processes().size() == 2);
}

TEST_CASE("a worker that takes too long is killed") {
  Pool place({1, 128, 2s});
  place.ask("hang");
  place.ask("echo");
  place.wait_for(2);
  CHECK(place.answers[0].outcome == Outcome::TooSlow);
  CHECK(place.answers[1].outcome == Outcome::Answered);
}

TEST_CASE("fresh workers take over, and what is at work is finished") {
  Pool place({2, 128, 30s});
  for (int number = 0; number < 4; ++number) place.ask("echo");
  place.pool.replace_all();
  for (int number = 0; number < 4; ++number) place.ask("echo");
  place.wait_for(8);
  for (const WorkerAnswer& answer : place.answers) CHECK(answer.outcome == Outcome::Answered);
  CHECK(place.started == 4);
}

TEST_CASE("workers that cannot be started are tried again, and requests wait for them") {
  Pool place({1, 128, 30s});
  place.ask("echo");
  place.wait_for(1);
  place.cannot_start = true;
  place.ask("crash");
  place.wait_for(2);
  place.ask("echo");
  place.run_until([&] { return place.started >= 3; });
  place.cannot_start = false;
  place.wait_for(3);
  CHECK(place.answers[2].outcome == Outcome::Answered);
}
