#include "project/missing_logins.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "../temporary_folder.hpp"
#include "project/credentials.hpp"

using namespace changeling;
using changeling::project::MissingLogins;
using changeling::test::TemporaryFolder;

namespace {

constexpr std::chrono::minutes minute(1);

struct Home {
  Environment environment() const { return Environment({{"HOME", folder.path().string()}}); }
  TemporaryFolder folder;
  Timestamp now = SystemClock().now();
};

const AgentType& claude() {
  return builtin_agent_types().at("claude");
}

}  // namespace

TEST_CASE("work waits for a login that was missing, and tries again by itself") {
  const Home home;
  const MissingLogins logins(home.environment());
  CHECK(logins.none_noted());
  CHECK_FALSE(logins.find(claude()));
  logins.note(claude(), home.now);
  CHECK_FALSE(logins.none_noted());
  const auto missing = logins.find(claude());
  REQUIRE(missing);
  CHECK(missing->reason == "claude is not logged in: git changeling credential set claude");
  CHECK(missing->since == std::chrono::floor<Duration>(home.now));
  CHECK(missing->holds(home.now + 29 * minute));
  CHECK_FALSE(missing->holds(home.now + 30 * minute));
  CHECK_FALSE(logins.find(builtin_agent_types().at("codex")));
}

TEST_CASE("a login that was renewed since ends the wait at once") {
  const Home home;
  const MissingLogins logins(home.environment());
  logins.note(claude(), home.now - minute);
  REQUIRE(logins.find(claude()));
  SUBCASE("by a credential") {
    project::Credentials(home.environment()).keep("claude", "ANTHROPIC_API_KEY", "one");
  }
  SUBCASE("by the program's own login") {
    const auto file = project::claude_login_file(home.environment());
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << "{}";
  }
  SUBCASE("by an answer that came") {
    logins.forget(claude());
    CHECK(logins.none_noted());
  }
  CHECK_FALSE(logins.find(claude()));
}

TEST_CASE("a credential that was there already has been refused, too") {
  const Home home;
  project::Credentials(home.environment()).keep("claude", "ANTHROPIC_API_KEY", "old");
  const MissingLogins logins(home.environment());
  logins.note(claude(), home.now + minute);
  CHECK(logins.find(claude()));
}

TEST_CASE("who gives the agent another variable is not concerned") {
  const Home home;
  MissingLogins(home.environment()).note(claude(), home.now);
  Environment other = home.environment();
  other.set("ANTHROPIC_API_KEY", "mine");
  CHECK_FALSE(MissingLogins(other).find(claude()));
  MissingLogins(other).forget(claude());
  CHECK(MissingLogins(home.environment()).find(claude()));
}

TEST_CASE("without a home folder nothing is noted, and a note that was cut off says nothing") {
  const MissingLogins nowhere{Environment{}};
  nowhere.note(claude(), {});
  CHECK_FALSE(nowhere.find(claude()));
  const Home home;
  const MissingLogins logins(home.environment());
  logins.note(claude(), home.now);
  std::ofstream(home.folder.path() / ".local/state/git-changeling/missing-logins/claude") << "{\"sin";
  CHECK_FALSE(logins.find(claude()));
}
