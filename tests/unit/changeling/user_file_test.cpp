#include "changeling/user_file.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"

using namespace changeling;

namespace {

std::string mistake(const std::string& text) {
  try {
    parse_user_file(text, "config.toml");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Invalid);
    return error.what();
  }
  return "";
}

bool starts(const std::string& text, std::string_view beginning) {
  CAPTURE(text);
  return text.starts_with(beginning);
}

}  // namespace

TEST_CASE("settings for all repositories and for some") {
  const UserFile file = parse_user_file(
      "[defaults]\ntimeout = \"5m\"\n\n[changelings.sprite]\nmax_turns = 3\n\n"
      "[repositories.\"~/src/*\".defaults]\nbudget = 1.5\n\n"
      "[repositories.\"https://example.com/a.git\".changelings.sprite]\nschedule = \"@daily\"\n",
      "config.toml");
  CHECK(file.everywhere.defaults.values.at("timeout") == FieldValue(std::string("5m")));
  CHECK(file.everywhere.defaults.origin == "config.toml");
  CHECK(file.everywhere.changelings.at("sprite").values.at("max_turns") == FieldValue(std::int64_t{3}));
  REQUIRE(file.repositories.size() == 2);
  CHECK(file.repositories[0].pattern == "~/src/*");
  CHECK(file.repositories[0].settings.defaults.values.at("budget") == FieldValue(1.5));
  CHECK(file.repositories[1].settings.changelings.at("sprite").locations.at("schedule").line == 11);
}

TEST_CASE("mistakes are named with their place and key") {
  CHECK(starts(mistake("[default]\n"), "config.toml:1:2: default: unknown key; allowed are changelings"));
  CHECK(starts(mistake("[defaults]\ntimeot = \"5m\"\n"), "config.toml:2:1: defaults.timeot: unknown key"));
  CHECK(starts(mistake("[changelings.x]\nmax_turns = \"a\"\n"),
               "config.toml:2:13: changelings.x.max_turns: must be"));
  CHECK(starts(mistake("[changelings.\"a b\"]\n"), "config.toml:1:14: changelings: "));
  CHECK(starts(mistake("[repositories.\"/x\".defaults]\ntimeout = \"soon\"\n"),
               "config.toml:2:11: repositories.\"/x\".defaults.timeout: "));
  CHECK(starts(mistake("[repositories.\"/x\".roles.r]\n"),
               "config.toml:1:20: repositories.\"/x\".roles: unknown key"));
  CHECK(
      starts(mistake("[repositories.project]\n"), "config.toml:1:15: repositories.\"project\": is neither"));
}

TEST_CASE("a repository is named by its path or by a remote") {
  const RepositoryNames names{{"/home/a/src/project/.git", "/home/a/src/project"},
                              {"https://example.com/team/project.git", "git@example.com:team/project"},
                              "/home/a"};
  for (const char* pattern : {"/home/a/src/project", "/home/a/src/project/", "/home/a/src/project/.git",
                              "/home/a/src/*", "/home/a/**", "~/src/project", "~/src/*",
                              "https://example.com/team/project", "https://example.com/team/project.git",
                              "https://example.com/team/*", "git@example.com:team/project.git"}) {
    CAPTURE(pattern);
    CHECK(matches_repository(pattern, names));
  }
  for (const char* pattern : {"/home/a/src", "/home/a/src/projec", "/home/*", "~", "~/project",
                              "https://example.com/team", "https://example.org/team/project"}) {
    CAPTURE(pattern);
    CHECK_FALSE(matches_repository(pattern, names));
  }
  CHECK_FALSE(matches_repository("~/src/*", {names.paths, {}, ""}));
}
