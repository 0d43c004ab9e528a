#include "run/claude_stream.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using namespace changeling::run;

namespace {

const std::string kInit = R"({"type":"system","subtype":"init","session_id":"s-1","model":"m"})"
                          "\n";
const std::string kRetry =
    R"({"type":"system","subtype":"api_retry","attempt":3,"max_retries":10,"retry_delay_ms":50,"error_status":529})"
    "\n";

std::string assistant(const std::string& id, const std::string& content, const std::string& parent = "null") {
  return R"({"type":"assistant","parent_tool_use_id":)" + parent + R"(,"message":{"id":")" + id +
         R"(","content":[)" + content +
         R"(],"usage":{"input_tokens":10,"output_tokens":2,"cache_read_input_tokens":100,)"
         R"("cache_creation_input_tokens":5}}})"
         "\n";
}

std::string text(const std::string& words) {
  return R"({"type":"text","text":")" + words + "\"}";
}

std::string tool_use(const std::string& id, const std::string& name, const std::string& input) {
  return R"({"type":"tool_use","id":")" + id + R"(","name":")" + name + R"(","input":)" + input + "}";
}

// As printed by 2.1.328: the type is not the first key.
const std::string kResult =
    R"({"stop_reason":"end_turn","total_cost_usd":0.25,"usage":{"input_tokens":30,"output_tokens":9,)"
    R"("cache_creation_input_tokens":7,"cache_read_input_tokens":200},"permission_denials":[],)"
    R"("terminal_reason":"completed","is_error":false,"num_turns":4,"subtype":"success","result":"All done.",)"
    R"("type":"result","session_id":"s-1"})"
    "\n";

}  // namespace

TEST_CASE("a session is read whole") {
  ClaudeStream stream;
  CHECK(stream.feed(kInit).activity);
  CHECK(stream.session_id() == "s-1");
  stream.feed(assistant("m1", text("I look.\\nThen I act.")));
  CHECK(stream.progress().activity == "Then I act.");
  stream.feed(assistant("m2", tool_use("t1", "Bash", R"({"command":"ctest --test-dir build\necho"})")));
  CHECK(stream.progress().activity == "Bash: ctest --test-dir build");
  CHECK(stream.progress().turns == 2);
  CHECK(stream.progress().tokens->input == 20);
  CHECK(stream.progress().tokens->cache_write == 10);
  CHECK_FALSE(stream.progress().cost_usd);
  CHECK_FALSE(stream.result());

  const auto seen = stream.feed(kResult);
  CHECK(seen.result);
  CHECK(stream.result()->subtype == "success");
  CHECK(stream.result()->terminal_reason == "completed");
  CHECK_FALSE(stream.result()->is_error);
  CHECK(stream.result()->text == "All done.");
  CHECK(stream.progress().turns == 4);
  CHECK(stream.progress().cost_usd == doctest::Approx(0.25));
  CHECK(stream.progress().tokens->input == 30);
  CHECK(stream.progress().tokens->output == 9);
  CHECK(stream.progress().tokens->cache_read == 200);
  CHECK(stream.progress().tokens->cache_write == 7);
  CHECK(stream.denials().empty());
}

TEST_CASE("the size of the pieces does not matter") {
  const std::string whole = kInit + assistant("m1", text("grün ✓")) + "noise\n" + kRetry + kResult;
  for (const std::size_t size : {1UL, 2UL, 7UL, 64UL, 1000UL}) {
    CAPTURE(size);
    ClaudeStream stream;
    int results = 0;
    for (std::size_t at = 0; at < whole.size(); at += size) {
      results += stream.feed(whole.substr(at, size)).result ? 1 : 0;
    }
    CHECK(results == 1);
    CHECK(stream.progress().turns == 4);
    CHECK(stream.session_id() == "s-1");
  }
}

TEST_CASE("a last line without newline counts, half a line does not") {
  ClaudeStream whole;
  CHECK_FALSE(whole.feed(kResult.substr(0, kResult.size() - 1)).result);
  CHECK(whole.finish().result);
  ClaudeStream half;
  half.feed(kInit + kResult.substr(0, 80));
  CHECK_FALSE(half.finish().result);
  CHECK_FALSE(half.result());
}

TEST_CASE("retries are shown but are no activity") {
  ClaudeStream stream;
  const auto seen = stream.feed(kRetry);
  CHECK_FALSE(seen.activity);
  CHECK(seen.progress);
  CHECK(stream.progress().activity == "API request failed (529), retry 3 of 10");
  CHECK_FALSE(stream
                  .feed(R"({"type":"keep_alive"})"
                        "\n")
                  .activity);
  CHECK(stream
            .feed(R"({"type":"user","message":{}})"
                  "\n")
            .activity);
}

TEST_CASE("what is not an event is ignored") {
  ClaudeStream stream;
  for (const std::string line :
       {"", "plain text", "[1]", "{", "null", R"({"type":5})", R"({"no":"type"})", "\xFF"}) {
    CAPTURE(line);
    const auto seen = stream.feed(line + "\n");
    CHECK_FALSE(seen.activity);
    CHECK_FALSE(seen.progress);
    CHECK_FALSE(seen.result);
  }
  stream.feed(R"({"type":"assistant","message":"text"})"
              "\n"
              R"({"type":"assistant","message":{"content":{}}})"
              "\n");
  stream.feed(R"({"type":"result","errors":"x","permission_denials":7,"usage":[],"num_turns":"many"})"
              "\n");
  CHECK(stream.result());
  CHECK_FALSE(stream.result()->is_error);
  CHECK(stream.result()->errors.empty());
}

TEST_CASE("the blocks of one message are one turn, and a sub-agent's messages are none") {
  ClaudeStream stream;
  stream.feed(assistant("m1", text("one")) + assistant("m1", text("two")));
  CHECK(stream.progress().turns == 1);
  CHECK(stream.progress().tokens->input == 10);
  stream.feed(assistant("sub", text("three"), R"("toolu_1")"));
  CHECK(stream.progress().turns == 1);
  CHECK(stream.progress().tokens->input == 20);
}

TEST_CASE("a refused tool is listed once, with what it was asked to do") {
  ClaudeStream stream;
  stream.feed(assistant("m1", tool_use("t1", "Bash", R"({"command":"git push"})")));
  stream.feed(R"({"type":"system","subtype":"permission_denied","tool_name":"Bash","tool_use_id":"t1"})"
              "\n");
  CHECK(stream.denials() == std::vector<std::string>{"Bash: git push"});
  stream.feed(R"({"type":"result","permission_denials":[)"
              R"({"tool_name":"Bash","tool_use_id":"t1","tool_input":{"command":"git push"}},)"
              R"({"tool_name":"Write","tool_use_id":"t2","tool_input":{"file_path":"/etc/passwd"}},)"
              R"({"tool_name":"WebFetch"},{"tool_name":"WebFetch"}]})"
              "\n");
  CHECK(stream.denials() == std::vector<std::string>{"Bash: git push", "Write: /etc/passwd", "WebFetch"});
}

TEST_CASE("errors of the result are kept") {
  ClaudeStream stream;
  stream.feed(R"({"type":"result","subtype":"error_max_turns","is_error":true,"terminal_reason":"max_turns",)"
              R"-("errors":["Reached maximum number of turns (3)"]})-"
              "\n");
  CHECK(stream.result()->is_error);
  CHECK(stream.result()->terminal_reason == "max_turns");
  CHECK(stream.result()->errors == std::vector<std::string>{"Reached maximum number of turns (3)"});
}
