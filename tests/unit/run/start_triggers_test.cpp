#include "run/start_triggers.hpp"

#include <doctest/doctest.h>

#include <set>

#include "changeling/hook_events.hpp"
#include "run/steps.hpp"
#include "support/error.hpp"
#include "support/word_list.hpp"

using namespace changeling;

TEST_CASE("a person stands behind what was run, retried or taken as a task, and behind nothing else") {
  for (const std::string_view word : {"manual", "retry", "task"}) CHECK_FALSE(run::is_unattended(word));
  CHECK(run::is_unattended("schedule"));
  CHECK(run::is_unattended("webhook:build"));
  CHECK(run::is_unattended("an event of a newer program"));
  for (const std::string& event : hook_events()) CHECK(run::is_unattended(event));
}

TEST_CASE("deployed runners say manual or schedule") {
  CHECK(words_in_help(run::deployed_triggers()) == "manual|schedule");
}

TEST_CASE("a trigger that does not exist is named with the nearest right one") {
  CHECK_NOTHROW(run::check_trigger("post-merge"));
  CHECK_NOTHROW(run::check_trigger("webhook:build"));
  CHECK_THROWS_WITH_AS(run::check_trigger("webhook:"),
                       "option --trigger: \"webhook:\": the webhook's name is empty", Error);
  try {
    run::check_trigger("shedule");
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Usage);
    CHECK(error.hint() == "did you mean \"schedule\"?");
  }
}

TEST_CASE("every step has a word of its own") {
  std::set<std::string_view> words;
  for (const run::StepRow& row : run::steps()) {
    CHECK(words.insert(row.word).second);
    CHECK_FALSE(row.sentence.empty());
  }
}
