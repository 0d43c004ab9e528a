#include "run/claude_turns.hpp"

#include <doctest/doctest.h>

using namespace changeling::run;
using Kind = TurnEntry::Kind;

namespace {

const std::string transcript =
    R"({"type":"system","subtype":"init","session_id":"s"})"
    "\n"
    R"({"type":"assistant","message":{"id":"m1","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"I look."}]}})"
    "\n"
    R"({"type":"assistant","message":{"id":"m1","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls"}}]}})"
    "\n"
    R"({"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"README"}]}]}})"
    "\n"
    "message from Ada: look closer\n"
    "Warning: the model is slow\n"
    R"({"type":"assistant","message":{"id":"m2","content":[{"type":"tool_use","id":"t2","name":"Task","input":{}}]}})"
    "\n"
    R"({"type":"assistant","parent_tool_use_id":"t2","message":{"id":"m3","content":[{"type":"text","text":"inside"}]}})"
    "\n"
    R"({"type":"system","subtype":"permission_denied","tool_use_id":"t3","tool_name":"Bash"})"
    "\n"
    R"({"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t2","is_error":true,"content":"no"}]}})"
    "\n"
    R"({"type":"result","subtype":"success","is_error":false,"result":"Done."})"
    "\n";

}  // namespace

TEST_CASE("a transcript is read as turns with what the agent said, did and was told") {
  const auto turns = read_claude_turns(transcript);
  REQUIRE(turns.size() == 2);
  CHECK(turns[0].id == "m1");
  const auto& first = turns[0].entries;
  REQUIRE(first.size() == 6);
  CHECK(first[0].kind == Kind::Thinking);
  CHECK(first[1].text == "I look.");
  CHECK(first[2].kind == Kind::Tool);
  CHECK(first[2].name == "Bash");
  CHECK(first[2].text == R"({"command":"ls"})");
  CHECK(first[3].kind == Kind::Result);
  CHECK(first[3].tool_use == first[2].tool_use);
  CHECK(first[3].text == "README");
  CHECK(first[4].kind == Kind::Message);
  CHECK(first[5].kind == Kind::Output);
}

TEST_CASE("what an agent of the agent says stays in the turn that started it") {
  const auto turns = read_claude_turns(transcript);
  const auto& second = turns[1].entries;
  REQUIRE(second.size() == 5);
  CHECK(second[1].inside == "t2");
  CHECK(second[2].kind == Kind::Refused);
  CHECK(second[3].is_error);
  CHECK(second[4].kind == Kind::End);
  CHECK(second[4].text == "Done.");
}

TEST_CASE("long texts are cut, and nonsense is output") {
  const auto long_text = read_claude_turns(std::string(longest_entry + 5, 'x'));
  REQUIRE(long_text.size() == 1);
  CHECK(long_text[0].entries[0].is_cut);
  CHECK(long_text[0].entries[0].text.size() == longest_entry);
  CHECK(read_claude_turns("").empty());
  CHECK(read_claude_turns("\n[1]\n{\"type\":7}\n{}\n").size() == 1);
  CHECK(read_claude_turns("\xff\n")[0].entries[0].text == "\xef\xbf\xbd");
}

TEST_CASE("what says when it was keeps its time, and what is no time is left out") {
  const auto turns = read_claude_turns(
      R"({"type":"assistant","timestamp":"2026-11-20T03:00:01.5+01:00","message":{"id":"m1","content":[{"type":"text","text":"a"}]}})"
      "\n"
      R"({"type":"user","timestamp":"soon","message":{"content":[{"type":"tool_result","tool_use_id":"t1","content":"b"}]}})"
      "\n"
      "plain\n");
  REQUIRE(turns.size() == 1);
  REQUIRE(turns[0].entries.size() == 3);
  CHECK(turns[0].entries[0].time == changeling::parse_timestamp("2026-11-20T02:00:01.500Z"));
  CHECK_FALSE(turns[0].entries[1].time);
  CHECK_FALSE(turns[0].entries[2].time);
}

TEST_CASE("what a person said is a message, also in the form of a transcript of JSON") {
  const auto turns = read_claude_turns(R"({"type":"message","from":"Ada","text":"look closer"})"
                                       "\n");
  REQUIRE(turns.size() == 1);
  CHECK(turns[0].entries[0].kind == Kind::Message);
  CHECK(turns[0].entries[0].text == "message from Ada: look closer");
}
