#include "run/mngr_program.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "run/mngr_transcript.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::run;

namespace {

LaunchRequest sample_request() {
  LaunchRequest request;
  request.run_id = "ab12";
  request.changeling = "typo.sprite";
  request.agent.command = {"mngr"};
  request.prompt_file = "/state/prompt.md";
  request.worktree = "/state/worktree";
  request.environment.set("PATH", "/usr/bin");
  request.environment.set("HOME", "/home/user");
  request.environment.set("LC_ALL", "C.UTF-8");
  request.environment.set("MNGR_HOST_DIR", "/home/user/agents");
  request.environment.set("ANTHROPIC_API_KEY", "secret-value");
  request.environment.set("CHANGELING_RUN", "ab12");
  return request;
}

ProcessResult answer(int code, const std::string& output, const std::string& error = "") {
  return {ExitStatus{code, std::nullopt}, output, error, false};
}

}  // namespace

TEST_CASE("mngr create starts the agent in place, with labels, prompt file and environment") {
  const auto request = sample_request();
  const MngrProgram program(request);
  const Command create = program.create();
  CHECK(program.agent_name() == "typo-sprite-ab12");
  CHECK(create.arguments == std::vector<std::string>{"mngr",
                                                     "create",
                                                     "typo-sprite-ab12",
                                                     "--type",
                                                     "claude",
                                                     "--transfer",
                                                     "none",
                                                     "--no-ensure-clean",
                                                     "--no-connect",
                                                     "--headless",
                                                     "-y",
                                                     "--label",
                                                     "changeling=typo.sprite",
                                                     "--label",
                                                     "changeling_run=ab12",
                                                     "--format",
                                                     "json",
                                                     "--message-file",
                                                     "/state/prompt.md",
                                                     "--pass-env",
                                                     "ANTHROPIC_API_KEY",
                                                     "--env",
                                                     "CHANGELING_RUN=ab12",
                                                     "--",
                                                     "--permission-mode",
                                                     "acceptEdits"});
  // The nearest folder that exists: a create that failed may have taken the worktree down.
  CHECK(create.working_directory == "/");
}

TEST_CASE(
    "a tmux server that mngr starts does not carry the mark of the run, and keeps the secrets for the "
    "agent") {
  const auto request = sample_request();
  const auto create = MngrProgram(request).create();
  CHECK_FALSE(create.environment->get("CHANGELING_RUN"));
  CHECK(create.environment->get("ANTHROPIC_API_KEY") == "secret-value");
  CHECK(create.environment->get("MNGR_HOST_DIR") == "/home/user/agents");
  for (const auto& word : create.arguments) CHECK(word.find("secret-value") == std::string::npos);
}

TEST_CASE("another kind of agent gets its own options and no permissions of Claude Code") {
  auto request = sample_request();
  request.agent.command = {"mngr", "--type", "codex"};
  request.arguments = {"--model", "o"};
  const auto words = MngrProgram(request).create().arguments;
  CHECK(std::count(words.begin(), words.end(), "--type") == 1);
  CHECK(std::count(words.begin(), words.end(), "--permission-mode") == 0);
  CHECK(words.at(words.size() - 3) == "--");
  CHECK(words.back() == "o");
  request.arguments.clear();
  CHECK(MngrProgram(request).create().arguments.back() != "--");
}

TEST_CASE("an old mngr is refused with a hint, a newer one accepted") {
  CHECK_NOTHROW(check_mngr_version("mngr 0.2.17\n"));
  CHECK_NOTHROW(check_mngr_version("mngr 0.3.0"));
  CHECK_NOTHROW(check_mngr_version("mngr 1.0"));
  for (const std::string old : {"mngr 0.2.16", "mngr 0.1.99", "mngr 0.2", "", "command not understood"}) {
    CAPTURE(old);
    try {
      check_mngr_version(old);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::External);
      CHECK(error.hint().find("imbue-mngr") != std::string::npos);
    }
  }
}

TEST_CASE("every failing exit code of mngr has its sentence") {
  const auto sentence = [](int code, const std::string& error) {
    return explain_mngr_failure("destroy", "sprite-1", answer(code, "", error));
  };
  CHECK(sentence(1, "Error: boom\n") == "'mngr destroy' ended with exit code 1: Error: boom");
  CHECK(sentence(2, "").find("gave up waiting") != std::string::npos);
  CHECK(sentence(2, "Usage: mngr\n\nError: No such option: --in").find("does not know") != std::string::npos);
  CHECK(sentence(3, "").find("processes of agent 'sprite-1' are still running") != std::string::npos);
  CHECK(sentence(4, "").find("left files") != std::string::npos);
  CHECK(sentence(5, "").find("may cost money") != std::string::npos);
  CHECK(sentence(6, "").find("cannot reach the provider") != std::string::npos);
  CHECK(sentence(7, "").find("stuck on a dialog") != std::string::npos);
  ProcessResult late;
  late.timed_out = true;
  CHECK(explain_mngr_failure("list", "sprite-1", late) == "'mngr list' did not answer in time");
}

TEST_CASE("code 2 of mngr wait is a timeout only with an answer") {
  CHECK(read_mngr_wait(answer(2, R"({"is_timed_out":true,"matched_state":null})")).kind ==
        MngrWaitAnswer::Kind::TimedOut);
  CHECK(read_mngr_wait(answer(2, "")).kind == MngrWaitAnswer::Kind::Failed);
  CHECK(read_mngr_wait(answer(1, R"({"matched_state":null})")).kind == MngrWaitAnswer::Kind::Failed);
  const auto reached =
      read_mngr_wait(answer(0, "note\n{\"is_matched\":true,\"matched_state\":\"WAITING\"}\n"));
  CHECK(reached.kind == MngrWaitAnswer::Kind::Reached);
  CHECK(reached.state == "WAITING");
}

TEST_CASE("an agent that waits for a permission is told from one that has ended its turn") {
  const auto list = [](const std::string& reason) {
    return R"({"agents":[{"name":"other","plugin":{"claude":{"waiting_reason":"PERMISSIONS"}}},)"
           R"({"name":"mine","plugin":{"claude":{"waiting_reason":)" +
           reason + "}}}],\"errors\":[]}";
  };
  CHECK(mngr_waits_for_permission(list("\"PERMISSIONS\""), "mine"));
  CHECK_FALSE(mngr_waits_for_permission(list("\"END_OF_TURN\""), "mine"));
  CHECK_FALSE(mngr_waits_for_permission(list("null"), "mine"));
  CHECK_FALSE(mngr_waits_for_permission(R"({"agents":[{"name":"mine"}]})", "mine"));
  CHECK_FALSE(mngr_waits_for_permission("not JSON", "mine"));
}

TEST_CASE("a growing mngr transcript is read once, whole lines only") {
  const std::string user = R"({"type":"user_message","content":"do it"})"
                           "\n";
  const std::string tool = R"({"type":"assistant_message","text":"","tool_calls":[{"tool_name":"Bash",)"
                           R"("input_preview":"ctest"}],"usage":{"input_tokens":10,"output_tokens":2,)"
                           R"("cache_read_tokens":null}})"
                           "\n";
  const std::string last = R"({"type":"assistant_message","text":"All\ndone.","usage":{"input_tokens":5}})"
                           "\n";
  MngrTranscript transcript;
  CHECK(transcript.empty());
  CHECK(transcript.update(user + tool.substr(0, 20)) == user);
  CHECK_FALSE(transcript.turn_ended());
  CHECK(transcript.update(user + tool) == tool);
  CHECK(transcript.progress().activity == "Bash: ctest");
  CHECK_FALSE(transcript.turn_ended());
  CHECK(transcript.update(user + tool).empty());
  CHECK(transcript.update(user + tool + last) == last);
  CHECK(transcript.turn_ended());
  CHECK(transcript.final_text() == "All\ndone.");
  CHECK(transcript.progress().turns == 2);
  CHECK(transcript.progress().tokens->input == 15);
  CHECK(transcript.progress().tokens->output == 2);
  CHECK(transcript.update(last) == last);  // Rewritten: read anew.
  CHECK(transcript.progress().turns == 1);
}

TEST_CASE("a transcript of mngr 0.3 tells the same: who spoke, which tool on what, and tokens") {
  MngrTranscript transcript;
  const std::string header = "{\"type\":\"header\",\"schema_version\":\"ATIF-v1.7\"}\n";
  transcript.update(header);
  CHECK(transcript.empty());
  const std::string call = header +
                           R"({"type":"step","source":"user","message":"Describe it."}
{"type":"step","source":"agent","message":"","tool_calls":[{"function_name":"Bash","arguments":{"a":1,"command":"git push"}}],"metrics":{"prompt_tokens":1110,"completion_tokens":5,"cached_tokens":1000,"extra":{"cache_creation_input_tokens":10}}}
)";
  transcript.update(call);
  CHECK_FALSE(transcript.empty());
  CHECK_FALSE(transcript.turn_ended());
  CHECK(transcript.user_messages() == 1);
  CHECK(transcript.progress().activity == "Bash: git push");
  CHECK(transcript.progress().tokens->input == 100);
  CHECK(transcript.progress().tokens->output == 5);
  CHECK(transcript.progress().tokens->cache_read == 1000);
  CHECK(transcript.progress().tokens->cache_write == 10);
  transcript.update(call + R"({"type":"observation","results":[]}
{"type":"step","source":"agent","message":"Done.","llm_call_count":1}
)");
  CHECK(transcript.turn_ended());
  CHECK(transcript.final_text() == "Done.");
  CHECK(transcript.progress().turns == 2);
}
