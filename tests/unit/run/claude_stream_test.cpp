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

std::string line(const std::string& event) {
  return event + "\n";
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
  for (const std::string noise :
       {"", "plain text", "[1]", "{", "null", R"({"type":5})", R"({"no":"type"})", "\xFF"}) {
    CAPTURE(noise);
    const auto seen = stream.feed(noise + "\n");
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

TEST_CASE("an event that names the tool alone is completed by the result") {
  ClaudeStream stream;
  stream.feed(
      line(R"({"type":"system","subtype":"permission_denied","tool_name":"Bash","tool_use_id":"t1"})"));
  CHECK(stream.denials() == std::vector<std::string>{"Bash"});
  stream.feed(line(R"({"type":"result","permission_denials":[)"
                   R"({"tool_name":"Bash","tool_use_id":"t1","tool_input":{"command":"curl x"}}]})"));
  CHECK(stream.denials() == std::vector<std::string>{"Bash: curl x"});
}

TEST_CASE("turns and tokens of all results are summed up, money is cumulative") {
  ClaudeStream stream;
  const auto result = [](const std::string& more) {
    return line(R"({"type":"result","num_turns":2,"usage":{"input_tokens":1000,"output_tokens":10})" + more +
                "}");
  };
  stream.feed(assistant("m1", text("one")) + result(R"(,"total_cost_usd":0.1)"));
  stream.feed(kInit + assistant("m2", text("two")));
  CHECK(stream.progress().turns == 3);
  CHECK(stream.progress().tokens->input == 1010);
  stream.feed(result(R"(,"total_cost_usd":0.25)"));
  CHECK(stream.progress().turns == 4);
  CHECK(stream.progress().tokens->input == 2000);
  CHECK(stream.progress().cost_usd == doctest::Approx(0.25));
  SUBCASE("a result after an error may tell less money and no usage") {
    stream.feed(kInit + assistant("m3", text("three")) +
                line(R"({"type":"result","is_error":true,"total_cost_usd":0,"usage":{"input_tokens":0}})"));
    CHECK(stream.progress().turns == 5);
    CHECK(stream.progress().tokens->input == 2010);
    CHECK(stream.progress().cost_usd == doctest::Approx(0.25));
  }
  SUBCASE("the usage of all models has what sub-agents took") {
    stream.feed(kInit + result(R"(,"modelUsage":{"big":{"inputTokens":4000,"outputTokens":30},)"
                               R"("small":{"inputTokens":500,"cacheReadInputTokens":7}})"));
    CHECK(stream.progress().tokens->input == 4500);
    CHECK(stream.progress().tokens->output == 30);
    CHECK(stream.progress().tokens->cache_read == 7);
  }
}

TEST_CASE("without a result the messages tell what was used") {
  ClaudeStream stream;
  stream.feed(kInit + assistant("m1", text("one")) + assistant("m2", text("two")));
  CHECK(stream.progress().turns == 2);
  CHECK(stream.progress().tokens->cache_read == 200);
  CHECK_FALSE(stream.progress().cost_usd);
}

TEST_CASE("numbers that cannot be are not counted, and named") {
  ClaudeStream stream;
  stream.feed(line(R"({"type":"result","subtype":"success","terminal_reason":"completed","num_turns":-3,)"
                   R"("total_cost_usd":1e999,"usage":{"input_tokens":9007199254740993,"output_tokens":NaN,)"
                   R"("cache_read_input_tokens":2.5,"cache_creation_input_tokens":4}})"));
  REQUIRE(stream.result());
  CHECK(stream.result()->terminal_reason == "completed");
  CHECK_FALSE(stream.progress().cost_usd);
  CHECK(stream.progress().tokens->input == 0);
  CHECK(stream.progress().tokens->cache_write == 4);
  CHECK(stream.progress().turns.value_or(0) == 0);
  CHECK(stream.refused_numbers() ==
        std::vector<std::string>{"num_turns: -3", "input_tokens: 9007199254740993", "output_tokens: NaN",
                                 "cache_read_input_tokens: 2.5", "total_cost_usd: 1e999"});
}

TEST_CASE("a text that looks like an impossible number is no number") {
  ClaudeStream stream;
  stream.feed(line(R"({"type":"result","result":"say \"1e999, NaN\"","total_cost_usd":-Infinity})"));
  REQUIRE(stream.result());
  CHECK(stream.result()->text == "say \"1e999, NaN\"");
  CHECK(stream.refused_numbers() == std::vector<std::string>{"total_cost_usd: -Infinity"});
}

TEST_CASE("a result is a rest only when nothing goes on in the background") {
  ClaudeStream stream;
  const auto tasks = [](const std::string& list) {
    return line(R"({"type":"system","subtype":"background_tasks_changed","tasks":[)" + list + "]}");
  };
  const std::string tests = R"({"task_id":"b1","task_type":"local_bash","description":"run the tests"})";
  stream.feed(kInit + tasks(tests) + kResult);
  CHECK_FALSE(stream.at_rest());
  CHECK(stream.background().describe() == "run the tests");
  stream.feed(tasks(tests + R"(,{"task_id":"b2"})"));
  CHECK(stream.background().describe() == "run the tests and 1 more");
  stream.feed(tasks(R"({"task_id":"w","description":"watch","ambient":true})"));
  CHECK(stream.at_rest());
  stream.feed(kInit);
  CHECK_FALSE(stream.at_rest());
}

TEST_CASE("versions without a list tell each task, and foreground tasks are none") {
  ClaudeStream stream;
  const auto task = [](const std::string& subtype, const std::string& more) {
    return line(R"({"type":"system","subtype":")" + subtype + R"(","task_id":"b1")" + more + "}");
  };
  stream.feed(kInit + task("task_started", R"(,"is_backgrounded":false)") + kResult);
  CHECK(stream.at_rest());
  stream.feed(task("task_started", R"(,"task_type":"local_bash")"));
  CHECK_FALSE(stream.at_rest());
  SUBCASE("its end") {
    stream.feed(task("task_notification", R"(,"status":"completed")"));
  }
  SUBCASE("its state") {
    stream.feed(task("task_updated", R"(,"patch":{"status":"killed"})"));
  }
  CHECK(stream.at_rest());
}

TEST_CASE("an answer without an end is known by its missing reason") {
  const auto cut_off = [](const std::string& more) {
    ClaudeStream stream;
    stream.feed(
        line(R"({"type":"result","terminal_reason":"completed","result":"I have writ")" + more + "}"));
    return stream.result()->is_cut_off;
  };
  CHECK(cut_off(R"(,"stop_reason":null)"));
  CHECK_FALSE(cut_off(R"(,"stop_reason":"end_turn")"));
  CHECK_FALSE(cut_off(""));
}

TEST_CASE("an answer in the form that was asked for is kept as JSON") {
  ClaudeStream stream;
  stream.feed(kResult);
  CHECK(stream.result()->structured_output.empty());
  stream.feed(line(R"({"type":"result","subtype":"success","structured_output":{"text":"a","b":[1]}})"));
  CHECK(stream.result()->structured_output == R"({"b":[1],"text":"a"})");
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

TEST_CASE("numbers that no session comes near are not believed") {
  ClaudeStream stream;
  stream.feed(line(R"({"type":"result","subtype":"success","num_turns":1000001,"total_cost_usd":100000.01,)"
                   R"("usage":{"input_tokens":1000000000001,"output_tokens":1000000000000}})"));
  REQUIRE(stream.result());
  CHECK_FALSE(stream.progress().cost_usd);
  CHECK(stream.progress().turns.value_or(0) == 0);
  CHECK(stream.progress().tokens->input == 0);
  CHECK(stream.progress().tokens->output == 1'000'000'000'000);
  CHECK(stream.refused_numbers() == std::vector<std::string>{"num_turns: 1000001",
                                                             "input_tokens: 1000000000001",
                                                             "total_cost_usd: 100000.01"});
}

TEST_CASE("what is neither true nor false is no word of success") {
  for (const std::string word : {R"("maybe")", "1", "true", "[]"}) {
    CAPTURE(word);
    ClaudeStream stream;
    stream.feed(line(R"({"type":"result","subtype":"success","is_error":)" + word + "}"));
    REQUIRE(stream.result());
    CHECK(stream.result()->is_error);
  }
  for (const std::string word : {"false", "null"}) {
    CAPTURE(word);
    ClaudeStream stream;
    stream.feed(line(R"({"type":"result","subtype":"success","is_error":)" + word + "}"));
    REQUIRE(stream.result());
    CHECK_FALSE(stream.result()->is_error);
  }
}
