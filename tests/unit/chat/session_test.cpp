#include "chat/session.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

#include "../open_project.hpp"
#include "chat/session_files.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::chat;
using testing::OpenProject;

namespace {

const Timestamp morning = parse_timestamp("2026-11-20T08:00:00Z");

Message question() {
  Message message;
  message.sent_at = morning;
  message.text = "What is there?\nTell me.";
  message.set_aside_usd = 1.5;
  return message;
}

Message answered() {
  Message message = question();
  message.answered_at = morning + std::chrono::seconds(4);
  message.answer = "A lot.";
  message.cost_usd = 0.125;
  message.turns = 2;
  message.proposal = proposal_from_json(Json::parse(R"({"kind":"task","fields":{"title":"Count it"}})"));
  return message;
}

chat::Session begun() {
  return {"abcdefgh23", morning, "claude", {}};
}

}  // namespace

TEST_CASE("a session is read as it was written") {
  const chat::Session session =
      read_session(opening_line(begun()) + message_line(question()) + answer_line(answered()), false);
  CHECK(session.id == "abcdefgh23");
  CHECK(session.agent == "claude");
  REQUIRE(session.messages.size() == 1);
  const Message& message = session.messages.front();
  CHECK(message.text == "What is there?\nTell me.");
  CHECK(message.state == MessageState::Answered);
  CHECK(message.answer == "A lot.");
  CHECK(message.turns == 2);
  CHECK(std::get<std::string>(message.proposal->fields.at("title")) == "Count it");
  CHECK(message.decision == Decision::Open);
  CHECK(session.cost_usd() == 0.125);
  CHECK(session.touched_at() == morning + std::chrono::seconds(4));
}

TEST_CASE("a decision belongs to its message") {
  Message decided = answered();
  decided.decision = Decision::Confirmed;
  decided.decided_at = morning + std::chrono::minutes(1);
  decided.result = "k3x4";
  const std::string text = opening_line(begun()) + message_line(question()) + answer_line(answered()) +
                           message_line(question()) + decision_line(0, decided) + decision_line(7, decided);
  const chat::Session session = read_session(text, true);
  REQUIRE(session.messages.size() == 2);
  CHECK(session.messages[0].decision == Decision::Confirmed);
  CHECK(session.messages[0].result == "k3x4");
  CHECK(session.messages[1].decision == Decision::Open);
  CHECK(session.messages[1].state == MessageState::Answering);
}

TEST_CASE("without anybody at work, a message that has no answer was cut off") {
  const std::string text = opening_line(begun()) + message_line(question());
  CHECK(read_session(text, true).messages.back().state == MessageState::Answering);
  const chat::Session cut_off = read_session(text, false);
  CHECK(cut_off.messages.back().state == MessageState::CutOff);
  CHECK(cut_off.messages.back().counted_cost() == 1.5);
}

TEST_CASE("half a line, and what is none, take nothing with them") {
  const std::string text = opening_line(begun()) + "nonsense\n{\"line\":\"answer\"}\n" +
                           message_line(question()) + R"({"line":"answer","at":"2026-)";
  const chat::Session session = read_session(text, false);
  REQUIRE(session.messages.size() == 1);
  CHECK(session.messages.front().state == MessageState::CutOff);
  CHECK_THROWS_AS(read_session("", false), Error);
  CHECK_THROWS_AS(read_session("{\"line\":\"message\"}\n", false), Error);
}

TEST_CASE_FIXTURE(OpenProject, "sessions are their owner's, and are found by the beginning of their id") {
  project.store().initialize();
  const SessionFiles files(project);
  CHECK(files.all().empty());
  files.append("abcdefgh23", opening_line(begun()) + message_line(question()));
  const auto path = project.places().local_folder() / "chat" / "abcdefgh23.jsonl";
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  REQUIRE(::stat(path.parent_path().c_str(), &status) == 0);
  CHECK((status.st_mode & 07777U) == 0700U);
  CHECK(files.find("abcd") == "abcdefgh23");
  CHECK_THROWS_AS(files.find("x"), Error);
  CHECK_THROWS_AS(files.read("../../../etc"), Error);
  CHECK(files.read("abcdefgh23").messages.back().state == MessageState::CutOff);
  const auto lock = files.try_lock("abcdefgh23");
  REQUIRE(lock);
  CHECK_FALSE(files.try_lock("abcdefgh23"));
  CHECK(files.read("abcdefgh23").messages.back().state == MessageState::Answering);
}

TEST_CASE_FIXTURE(OpenProject, "what was cut off by a power loss hides nothing that comes after it") {
  project.store().initialize();
  const SessionFiles files(project);
  files.append("abcdefgh23", opening_line(begun()) + message_line(question()));
  std::ofstream(project.places().local_folder() / "chat" / "abcdefgh23.jsonl", std::ios::app)
      << "{\"line\":\"an";
  files.append("abcdefgh23", answer_line(answered()));
  CHECK(files.read("abcdefgh23").messages.back().state == MessageState::Answered);
}

TEST_CASE_FIXTURE(OpenProject, "costs of a time are summed up, and old sessions go") {
  project.store().initialize();
  const SessionFiles files(project);
  files.append("abcdefgh23", opening_line(begun()) + message_line(question()) + answer_line(answered()) +
                                 message_line(question()));
  CHECK(files.spent_since(morning) == doctest::Approx(1.625));
  CHECK(files.spent_since(morning + std::chrono::seconds(1)) == 0);
  files.drop_old(morning + std::chrono::hours(24 * 80));
  CHECK(files.all().size() == 1);
  files.drop_old(morning + std::chrono::hours(24 * 100));
  CHECK(files.all().empty());
}
