#include "project/damage_report.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace changeling;

namespace {

struct Reported {
  std::vector<std::string> messages;
  std::string reference = "refs/changelings/state";
  project::DamageReport damage{[this](const std::string& text) { messages.push_back(text); },
                               [this]() -> const std::string& { return reference; }};
};

store::DamagedRecords records(int count) {
  store::DamagedRecords all;
  for (int number = 0; number < count; ++number)
    all.push_back({"items/" + std::to_string(100 + number) + ".json", "not JSON"});
  return all;
}

}  // namespace

TEST_CASE("what cannot be read is said once, with what can be done about the first") {
  Reported reported;
  reported.damage.note(records(1));
  reported.damage.note(records(1));
  REQUIRE(reported.messages.size() == 2);
  CHECK(reported.messages[0] == "warning: items/100.json cannot be read (not JSON); everything else works");
  CHECK(reported.messages[1].find("git show refs/changelings/state:items/100.json") != std::string::npos);
  CHECK(reported.messages[1].find("git changeling undo COMMIT") != std::string::npos);
}

TEST_CASE("what can be typed then does nothing else, whatever the file is called") {
  Reported reported;
  reported.damage.note({{"changelings/a b$(touch pwned);x.toml", "not TOML"}});
  REQUIRE(reported.messages.size() == 2);
  CHECK(reported.messages[1].find(
            "git show 'refs/changelings/state:changelings/a b$(touch pwned);x.toml'\n") != std::string::npos);
  CHECK(reported.messages[1].find("-- 'changelings/a b$(touch pwned);x.toml'\n") != std::string::npos);
}

TEST_CASE("what comes later is said without saying again what can be done") {
  Reported reported;
  reported.damage.note(records(1));
  reported.damage.note(records(2));
  CHECK(reported.messages.size() == 3);
  CHECK(reported.damage.noted().size() == 2);
}

TEST_CASE("nothing is said when nothing is damaged") {
  Reported reported;
  reported.damage.note({});
  CHECK(reported.messages.empty());
  CHECK(reported.damage.noted().empty());
}

TEST_CASE("among very many only the first are said, and all are noted") {
  Reported reported;
  reported.damage.note(records(25));
  CHECK(std::count_if(reported.messages.begin(), reported.messages.end(), [](const std::string& message) {
          return message.find("everything else works") != std::string::npos;
        }) == 10);
  CHECK(std::find(reported.messages.begin(), reported.messages.end(),
                  "warning: 15 more cannot be read; --json names them") != reported.messages.end());
  CHECK(reported.damage.noted().size() == 25);
}

TEST_CASE("a mistake in a file is said once with its hint, and stands behind the records") {
  Reported reported;
  const Error mistake(ErrorKind::Invalid, "line 3 makes no sense", "leave it out");
  reported.damage.note_in_file("my.toml", mistake);
  reported.damage.note_in_file("my.toml", mistake);
  CHECK(
      reported.messages ==
      std::vector<std::string>{"warning: line 3 makes no sense; what it defines is neither shown nor started",
                               "hint: leave it out"});
  reported.damage.note(records(1));
  const auto noted = reported.damage.noted();
  REQUIRE(noted.size() == 2);
  CHECK(noted[0].path == "items/100.json");
  CHECK(noted[1].path == "my.toml");
  CHECK(noted[1].reason == "line 3 makes no sense");
}
