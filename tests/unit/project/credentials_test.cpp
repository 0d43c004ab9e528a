#include "project/credentials.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "../error_of.hpp"
#include "../temporary_folder.hpp"

using namespace changeling;
using changeling::project::Credentials;
using changeling::test::TemporaryFolder;
using changeling::testing::error_of;

namespace {

struct Home {
  Environment environment() const { return Environment({{"HOME", folder.path().string()}}); }
  std::filesystem::path file(const std::string& name) const {
    return folder.path() / ".local/share/git-changeling/credentials" / name;
  }
  unsigned mode(const std::string& name) const {
    struct stat info {};
    ::stat(file(name).c_str(), &info);
    return info.st_mode & 0777U;
  }
  TemporaryFolder folder;
};

const AgentType& claude() {
  return builtin_agent_types().at("claude");
}

}  // namespace

TEST_CASE("a credential is kept for its owner alone, and goes into the environment of its agent") {
  const Home home;
  const Credentials credentials(home.environment());
  CHECK(credentials.list().empty());
  credentials.keep("claude", "CLAUDE_CODE_OAUTH_TOKEN", "geheim");
  CHECK(home.mode("claude/CLAUDE_CODE_OAUTH_TOKEN") == 0600);
  CHECK(home.mode("claude") == 0700);
  REQUIRE(credentials.list().size() == 1);
  CHECK(credentials.list()[0].variable == "CLAUDE_CODE_OAUTH_TOKEN");
  Environment environment = home.environment();
  credentials.add_to(environment, claude());
  CHECK(environment.get("CLAUDE_CODE_OAUTH_TOKEN") == "geheim");
  Environment of_codex = home.environment();
  credentials.add_to(of_codex, builtin_agent_types().at("codex"));
  CHECK_FALSE(of_codex.get("CLAUDE_CODE_OAUTH_TOKEN"));
}

TEST_CASE("what the environment has counts more, and what the type does not take is not given") {
  const Home home;
  const Credentials credentials(home.environment());
  credentials.keep("claude", "ANTHROPIC_API_KEY", "kept");
  credentials.keep("claude", "GITHUB_TOKEN", "never");
  Environment environment = home.environment();
  environment.set("ANTHROPIC_API_KEY", "mine");
  credentials.add_to(environment, claude());
  CHECK(environment.get("ANTHROPIC_API_KEY") == "mine");
  CHECK_FALSE(environment.get("GITHUB_TOKEN"));
}

TEST_CASE("a credential is removed") {
  const Home home;
  const Credentials credentials(home.environment());
  credentials.keep("claude", "ANTHROPIC_API_KEY", "one");
  credentials.keep("claude", "ANTHROPIC_API_KEY", "two");
  CHECK(credentials.remove("claude", "ANTHROPIC_API_KEY"));
  CHECK_FALSE(credentials.remove("claude", "ANTHROPIC_API_KEY"));
  CHECK(credentials.list().empty());
  CHECK_FALSE(std::filesystem::exists(home.file("claude")));
}

TEST_CASE("what others could read is not handed out") {
  const Home home;
  const Credentials credentials(home.environment());
  credentials.keep("claude", "ANTHROPIC_API_KEY", "one");
  ::chmod(home.file("claude/ANTHROPIC_API_KEY").c_str(), 0644);
  Environment environment = home.environment();
  CHECK(error_of([&] { credentials.add_to(environment, claude()); })->kind() == ErrorKind::Refused);
  CHECK(error_of([&] { credentials.list(); })->hint().find("chmod go= ") != std::string::npos);
}

TEST_CASE("a value that no variable can have is refused without being said") {
  const Home home;
  const Credentials credentials(home.environment());
  for (const std::string value : {"", "two\nlines", "\x01secret"}) {
    const auto refused = error_of([&] { credentials.keep("claude", "ANTHROPIC_API_KEY", value); });
    REQUIRE(refused);
    CHECK(refused->kind() == ErrorKind::Invalid);
    CHECK(std::string(refused->what()).find("secret") == std::string::npos);
  }
  CHECK(error_of([&] {
          credentials.keep("claude", "ANTHROPIC_API_KEY", std::string(200'000, 'x'));
        })->kind() == ErrorKind::Invalid);
  CHECK(credentials.list().empty());
  CHECK(error_of([] { Credentials{Environment{}}.keep("claude", "ANTHROPIC_API_KEY", "x"); })->hint() ==
        "set HOME");
}

TEST_CASE("the variables that log an agent in") {
  CHECK(project::credential_variables(claude()) ==
        std::vector<std::string>{"ANTHROPIC_API_KEY", "CLAUDE_CODE_OAUTH_TOKEN"});
  CHECK(project::credential_variables(builtin_agent_types().at("command")).empty());
}
