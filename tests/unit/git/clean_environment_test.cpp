#include "git/clean_environment.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"
#include "support/process.hpp"

using namespace changeling;

TEST_CASE("what git hands to hooks and editors is gone, what sets up this person's git stays") {
  const std::vector<std::string> gone{"GIT_DIR",
                                      "GIT_INDEX_FILE",
                                      "GIT_WORK_TREE",
                                      "GIT_PREFIX",
                                      "GIT_NAMESPACE",
                                      "GIT_EDITOR",
                                      "GIT_EXTERNAL_DIFF",
                                      "GIT_DIFF_OPTS",
                                      "GIT_ATTR_SOURCE",
                                      "GIT_ATTR_NOSYSTEM",
                                      "GIT_NOTES_REF",
                                      "GIT_LITERAL_PATHSPECS",
                                      "GIT_GLOB_PATHSPECS",
                                      "GIT_NOGLOB_PATHSPECS",
                                      "GIT_ICASE_PATHSPECS",
                                      "GIT_QUARANTINE_PATH",
                                      "GIT_PUSH_OPTION_0",
                                      "GIT_PUSH_CERT",
                                      "GIT_CEILING_DIRECTORIES",
                                      "GIT_DEFAULT_HASH",
                                      "GIT_REDIRECT_STDERR",
                                      "GIT_REFLOG_ACTION",
                                      "GIT_NO_LAZY_FETCH",
                                      "GIT_TRACE",
                                      "GIT_TRACE2_PERF"};
  const std::vector<std::string> kept{"GIT_SSH",
                                      "GIT_SSH_COMMAND",
                                      "GIT_SSH_VARIANT",
                                      "GIT_ASKPASS",
                                      "GIT_TERMINAL_PROMPT",
                                      "GIT_CONFIG_GLOBAL",
                                      "GIT_CONFIG_SYSTEM",
                                      "GIT_CONFIG_NOSYSTEM",
                                      "GIT_CONFIG_COUNT",
                                      "GIT_CONFIG_KEY_0",
                                      "GIT_CONFIG_VALUE_0",
                                      "GIT_CONFIG_PARAMETERS",
                                      "GIT_AUTHOR_NAME",
                                      "GIT_COMMITTER_EMAIL",
                                      "GIT_HTTP_LOW_SPEED_TIME",
                                      "GIT_SSL_CAINFO",
                                      "GIT_PROXY_COMMAND",
                                      "GIT_ALLOW_PROTOCOL",
                                      "GIT_EXEC_PATH",
                                      "GIT_LFS_SKIP_SMUDGE",
                                      "GIT_USERNAME",
                                      "GIT_COMMIT",
                                      "PATH"};
  Environment given;
  for (const auto& name : gone) given.set(name, "1");
  for (const auto& name : kept) given.set(name, "1");
  const Environment clean = git::without_repository_variables(given);
  for (const auto& name : gone) CHECK_MESSAGE(!clean.get(name), name);
  for (const auto& name : kept) CHECK_MESSAGE(clean.get(name) == "1", name);
}

TEST_CASE("a trace into a file goes on, one that would mix with git's words does not") {
  CHECK_FALSE(git::is_repository_variable("GIT_TRACE2_EVENT", "/var/log/git"));
  CHECK_FALSE(git::is_repository_variable("GIT_TRACE2_EVENT", "af_unix:/run/collector"));
  CHECK_FALSE(git::is_repository_variable("GIT_TRACE", "0"));
  CHECK(git::is_repository_variable("GIT_TRACE", "2"));
  CHECK(git::is_repository_variable("GIT_TRACE_CURL", "True"));
}

TEST_CASE("whatever this machine's git calls its own of one repository is known") {
  Command command;
  command.arguments = {"git", "rev-parse", "--local-env-vars"};
  const ProcessResult result = SystemProcessRunner().run(command);
  REQUIRE(result.status.success());
  for (const std::string& name : split_lines(result.output)) {
    // They carry `git -c`, which people rely on.
    if (name == "GIT_CONFIG_PARAMETERS" || name == "GIT_CONFIG_COUNT") continue;
    CHECK_MESSAGE(git::is_repository_variable(name, "1"), name);
  }
}
