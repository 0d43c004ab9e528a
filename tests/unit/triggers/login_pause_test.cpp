#include "triggers/login_pause.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using namespace changeling::triggers;

namespace {

const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");
constexpr std::chrono::minutes minute(1);

store::RunRecord logged_out() {
  store::RunRecord run;
  run.agent = "claude";
  run.status = store::RunStatus::Finished;
  run.outcome = store::Outcome::Failed;
  run.ended_at = noon;
  run.error = "Claude is not logged in (Not logged in · Please run /login): type 'claude auth login'";
  return run;
}

}  // namespace

TEST_CASE("a schedule waits for the login that its last run missed, and tries again by itself") {
  const auto pause = login_pause(logged_out(), "claude", std::nullopt, noon + minute);
  REQUIRE(pause);
  CHECK(pause->reason == "claude is not logged in: git changeling credential set claude");
  CHECK(pause->until == noon + 30 * minute);
  CHECK_FALSE(login_pause(logged_out(), "claude", std::nullopt, noon + 30 * minute));
}

TEST_CASE("a login that was renewed since ends the wait at once") {
  CHECK(login_pause(logged_out(), "claude", noon - minute, noon + minute));
  CHECK_FALSE(login_pause(logged_out(), "claude", noon + minute, noon + 2 * minute));
}

TEST_CASE("other runs and other agents say nothing about the login") {
  CHECK_FALSE(login_pause(std::nullopt, "claude", std::nullopt, noon));
  CHECK_FALSE(login_pause(logged_out(), "codex", std::nullopt, noon));
  store::RunRecord failed = logged_out();
  failed.error = "exit code 1";
  CHECK_FALSE(login_pause(failed, "claude", std::nullopt, noon));
}
