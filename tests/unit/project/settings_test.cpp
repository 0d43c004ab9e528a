#include "project/settings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "../temporary_repository.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

using namespace changeling;
using changeling::testing::TemporaryRepository;
namespace project = changeling::project;

namespace {

git::Repository open(const TemporaryRepository& home) {
  return git::Repository::discover(home.path(), Environment({{"GIT_CONFIG_NOSYSTEM", "1"},
                                                             {"GIT_CONFIG_GLOBAL", "/dev/null"},
                                                             {"PATH", "/usr/bin:/bin"}}));
}

std::string problem(const TemporaryRepository& home, const std::string& key, const std::string& value) {
  try {
    project::check_setting(project::known_setting(key), open(home), value);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the table is sorted, and each row can be shown") {
  const auto all = project::settings();
  CHECK(std::is_sorted(all.begin(), all.end(), [](const auto& one, const auto& other) {
    return to_lower(one.key) < to_lower(other.key);
  }));
  for (const project::Setting& setting : all) {
    CAPTURE(std::string(setting.key));
    CHECK_FALSE(setting.sentence.empty());
    CHECK_FALSE(setting.sentence.ends_with('.'));
    CHECK_FALSE(setting.value_name.empty());
    CHECK(setting.fallback.empty() != setting.otherwise.empty());
  }
}

TEST_CASE("every fallback is a value that reading takes") {
  const TemporaryRepository home;
  for (const project::Setting& setting : project::settings()) {
    if (setting.fallback.empty()) continue;
    CAPTURE(std::string(setting.key));
    CHECK(problem(home, std::string(setting.key), std::string(setting.fallback)).empty());
  }
}

TEST_CASE("a key is found in any case, with its section or without") {
  CHECK(project::find_setting("changeling.maxAttempts") == project::find_setting("MAXATTEMPTS"));
  CHECK(project::find_setting("lease")->key == "changeling.lease");
  CHECK(project::find_setting("leese") == nullptr);
  CHECK(project::find_setting("") == nullptr);
  try {
    project::known_setting("leese");
    FAIL("it is not known");
  } catch (const Error& error) {
    CHECK(error.hint() == "did you mean changeling.lease?");
  }
}

TEST_CASE("a part of a key leads to the key, and a typo to what it is like") {
  const auto hint_for = [](const char* key) {
    try {
      project::known_setting(key);
      return std::string();
    } catch (const Error& error) {
      return error.hint();
    }
  };
  CHECK(hint_for("budget") == "did you mean changeling.dailyBudget?");
  CHECK(hint_for("bass") == "did you mean changeling.base?");
  CHECK(hint_for("nonsense") == "see: git changeling config list");
}

TEST_CASE("what is read is checked, and what nobody has set is the fallback") {
  const TemporaryRepository home;
  CHECK(project::duration_setting(open(home), "changeling.lease") == std::chrono::minutes(30));
  CHECK(project::number_setting(open(home), "changeling.maxAttempts") == 3);
  CHECK(project::switch_setting(open(home), "changeling.autosync"));
  CHECK_FALSE(project::switch_setting(open(home), "changeling.disabled"));
  CHECK_FALSE(project::money_setting(open(home), "changeling.dailyBudget"));
  CHECK(project::text_setting(open(home), "changeling.unpushed") == "hold");

  home.git("config changeling.lease 2h");
  home.git("config changeling.dailyBudget 2.50");
  home.git("config changeling.autosync off");
  CHECK(project::duration_setting(open(home), "changeling.lease") == std::chrono::hours(2));
  CHECK(project::money_setting(open(home), "changeling.dailyBudget") == 2.5);
  CHECK_FALSE(project::switch_setting(open(home), "changeling.autosync"));

  home.git("config changeling.lease 2fortnights");
  CHECK_THROWS_WITH_AS(project::duration_setting(open(home), "changeling.lease"),
                       doctest::Contains("changeling.lease: "), Error);
}

TEST_CASE("values that reading would refuse are named with the key") {
  const TemporaryRepository home;
  home.git("remote add origin https://example.com/x.git");
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"lease", "0s"},         {"lease", ""},          {"maxAttempts", "-1"},    {"maxAttempts", "many"},
      {"dailyBudget", "-1"},   {"dailyBudget", "nan"}, {"dailyBudget", "1e400"}, {"dailyBudget", "12 USD"},
      {"autosync", "perhaps"}, {"remote", "orgin"},    {"pushRemote", "fork"},   {"ref", "state"},
      {"ref", "refs/a..b"},    {"ref", "refs//x"},     {"base", "a b"},          {"branchPrefix", "a..b"},
      {"forge", "gitlab"},     {"unpushed", "maybe"},  {"roleLabel", "role-x"},  {"hookDelay", "2"},
      {"cooldown", "soon"},    {"syncTimeout", "x"},   {"monthlyBudget", "1e10"}};
  for (const auto& [key, value] : wrong) {
    const std::string told = problem(home, key, value);
    INFO(told);
    CHECK(told.starts_with("changeling." + key + ": "));
  }
  CHECK(problem(home, "remote", "origin").empty());
  CHECK(problem(home, "remote", "").empty());
  CHECK(problem(home, "ref", "refs/heads/changeling-state").empty());
}

TEST_CASE("a key that nobody reads is named with the nearest right one") {
  const TemporaryRepository home;
  home.git("config changeling.dailyBugdet 5");
  home.git("config changeling.task.timeout 1h");
  home.git("config changeling.task.timout 1h");
  home.git("config --add changeling.package jq");
  home.git("config changelings.other 1");
  const auto unknown = project::unknown_settings(open(home));
  CHECK(unknown == std::vector<std::string>{"changeling.dailybugdet", "changeling.task.timout"});
  CHECK(project::complaint_about(unknown[0]).find("did you mean changeling.dailyBudget?") !=
        std::string::npos);
  CHECK(project::complaint_about(unknown[1]).find("did you mean changeling.task.timeout?") !=
        std::string::npos);
}

TEST_CASE("options of tasks are settings, checked as they are read") {
  const TemporaryRepository home;
  for (const char* key : {"changeling.task.timeout", "task.timeout", "TASK.Timeout"}) {
    CAPTURE(key);
    CHECK(project::known_setting(key).key == "changeling.task.timeout");
  }
  CHECK(project::known_setting("task.verify").several);
  CHECK_FALSE(project::known_setting("task.timeout").several);
  CHECK(problem(home, "task.timeout", "1h").empty());
  CHECK(problem(home, "task.timeout", "soon").starts_with("changeling.task.timeout: "));
  CHECK(problem(home, "task.max-turns", "many").starts_with("changeling.task.max-turns: \"many\""));
}

TEST_CASE("an option that means nothing for tasks is unknown, and never its own nearest") {
  for (const char* option : {"overlap", "schedule", "output", "max-open-prs", "disabled"}) {
    const std::string key = fmt::format("changeling.task.{}", option);
    CAPTURE(key);
    CHECK(project::find_setting(key) == nullptr);
    CHECK(project::complaint_about(key).find("mean " + key) == std::string::npos);
  }
  CHECK(
      project::complaint_about("changeling.task.timout").ends_with("did you mean changeling.task.timeout?"));
}
