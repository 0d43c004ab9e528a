#include "support/withheld_tokens.hpp"

#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>

using namespace changeling;

namespace {

/// What a program prints that is started with these variables and takes them at once.
int in_child(const std::function<bool()>& holds) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(holds() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

TEST_CASE("tokens of forges leave the environment and are given back on demand") {
  CHECK(in_child([] {
          ::unsetenv("CHANGELING_RUN");
          ::setenv("GITHUB_TOKEN", "ghp_first", 1);
          ::setenv("MY_API_KEY", "key", 1);
          const Environment environment = take_environment();
          return !environment.get("GITHUB_TOKEN") && ::getenv("GITHUB_TOKEN") == nullptr &&
                 environment.get("MY_API_KEY") == "key" && std::string(::getenv("MY_API_KEY")) == "key" &&
                 withheld_tokens().at("GITHUB_TOKEN") == "ghp_first" &&
                 with_withheld_tokens(environment).get("GITHUB_TOKEN") == "ghp_first" &&
                 ::prctl(PR_GET_DUMPABLE) == 0;
        }) == 0);
}

TEST_CASE("part of a run can be recognised by its environment") {
  CHECK(in_child([] {
          ::setenv("CHANGELING_RUN", "abc", 1);
          take_environment();
          return ::prctl(PR_GET_DUMPABLE) == 1;
        }) == 0);
}

TEST_CASE("only tokens of forges are kept back") {
  CHECK(is_forge_token("GH_ENTERPRISE_TOKEN"));
  CHECK_FALSE(is_forge_token("NPM_TOKEN"));
  CHECK_FALSE(is_forge_token("GITHUB_TOKENS"));
}
