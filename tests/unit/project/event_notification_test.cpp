#include "project/event_notification.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::project;
using changeling::testing::error_of;

namespace {

Json finished(const std::string& outcome) {
  return {{"run", "r1"},         {"changeling", "typo"},   {"task", ""},       {"outcome", outcome},
          {"error", "no power"}, {"duration_ms", 245'000}, {"cost_usd", 0.125}};
}

const NotificationPlace no_service{"project", ""};
const NotificationPlace service{"project", "https://changeling.example.org/"};

}  // namespace

TEST_CASE("a failed run says what, why, how long and for how much, and leads to itself") {
  const auto told = notification_of("run:finished", finished("failed"), no_service);
  REQUIRE(told);
  CHECK(told->kind == "failed");
  CHECK(told->subject == "typo");
  CHECK(told->title == "project: typo failed");
  CHECK(told->text == "The agent or a step of the run failed.\nno power\ntook 4m05s, $0.12");
  CHECK(told->is_urgent);
  CHECK(told->link.empty());
  CHECK(told->command == "git changeling runs show r1");
  CHECK(notification_of("run:finished", finished("failed"), service)->link ==
        "https://changeling.example.org/#/run/r1");
}

TEST_CASE("a pull request is where its run leads to") {
  Json fields = finished("opened-pr");
  fields["pull_request"] = {{"number", 7}, {"url", "https://forge.example.org/pull/7"}};
  const auto told = notification_of("run:finished", fields, service);
  REQUIRE(told);
  CHECK_FALSE(told->is_urgent);
  CHECK(told->link == "https://forge.example.org/pull/7");
  fields["pull_request"]["url"] = "local:7";
  CHECK(notification_of("run:finished", fields, no_service)->link.empty());
  CHECK(notification_of("run:finished", fields, no_service)->command == "git changeling review show 7");
}

TEST_CASE("a question of an agent says what is asked, and leads to where it is answered") {
  const Json asked{{"run", "r1"},   {"changeling", "typo"}, {"task", ""},
                   {"question", 2}, {"text", "Which one?"}, {"choices", {"this", "that"}}};
  const auto told = notification_of("run:question", asked, service);
  REQUIRE(told);
  CHECK(told->kind == "question");
  CHECK(told->cause == "question 2 of run r1");
  CHECK(told->title == "project: typo asks you something");
  CHECK(told->text == "Which one?\nIt proposes: this / that");
  CHECK(told->command == "git changeling answer r1 --question 2");
  CHECK(told->link == "https://changeling.example.org/#/");
  CHECK(is_wanted("question", {}));
  CHECK_FALSE(is_wanted("question", {"failed"}));
}

TEST_CASE("a start that did not come is a kind of its own") {
  const Json skipped{{"changeling", "typo"},
                     {"trigger", "schedule"},
                     {"scheduled_for", "2026-11-20T03:00:00.000Z"},
                     {"reason", "not trusted"}};
  const auto told = notification_of("trigger:skipped", skipped, no_service);
  REQUIRE(told);
  CHECK(told->kind == "missed");
  CHECK(told->text == "Its schedule asked for it at 2026-11-20T03:00:00.000Z: not trusted");
  const auto hook = notification_of(
      "trigger:skipped", {{"changeling", "typo"}, {"trigger", "post-commit"}, {"reason", "not trusted"}},
      no_service);
  REQUIRE(hook);
  CHECK(hook->kind == "not-started");
  CHECK(hook->cause != told->cause);
}

TEST_CASE("other events tell nobody anything, nor do records that make no sense") {
  CHECK_FALSE(notification_of("work:added", {{"task", "t"}}, no_service));
  CHECK_FALSE(notification_of("run:started", finished("failed"), no_service));
  CHECK_FALSE(notification_of("run:finished", finished("exploded"), no_service));
  CHECK_FALSE(notification_of("run:finished", nullptr, no_service));
}

TEST_CASE("what is wanted, as it is and as the user says") {
  for (const char* kind : {"failed", "timed-out", "killed", "opened-pr", "reported", "missed", "not-started"})
    CHECK(is_wanted(kind, {}));
  for (const char* kind : {"no-changes", "updated-pr"}) CHECK_FALSE(is_wanted(kind, {}));
  CHECK(is_wanted("no-changes", {"all"}));
  CHECK(is_wanted("failed", {"missed", "failed"}));
  CHECK_FALSE(is_wanted("opened-pr", {"failed"}));
  check_notified_word("verification-failed");
  CHECK(error_of([] { check_notified_word("faild"); })->hint() == "did you mean failed?");
}
