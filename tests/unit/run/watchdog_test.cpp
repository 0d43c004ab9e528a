#include "run/watchdog.hpp"

#include <doctest/doctest.h>

using namespace changeling;
using namespace changeling::run;
using namespace std::chrono_literals;

namespace {
const Watchdog::TimePoint kStart{1h};
}

TEST_CASE("without limits an agent may go on for ever") {
  Watchdog watchdog({}, kStart);
  CHECK(watchdog.judge(kStart + 1000h) == EndedBy::Itself);
  CHECK(watchdog.next_deadline() == Watchdog::TimePoint::max());
}

TEST_CASE("the time limit counts from the start, whatever the agent does") {
  Watchdog watchdog({10min, 0ms, 5s}, kStart);
  watchdog.note_activity(kStart + 9min);
  CHECK(watchdog.next_deadline() == kStart + 10min);
  CHECK(watchdog.judge(kStart + 10min - 1ms) == EndedBy::Itself);
  CHECK(watchdog.judge(kStart + 10min) == EndedBy::TimeLimit);
}

TEST_CASE("each activity starts the silence anew") {
  Watchdog watchdog({1h, 2min, 5s}, kStart);
  CHECK(watchdog.next_deadline() == kStart + 2min);
  CHECK(watchdog.judge(kStart + 2min) == EndedBy::SilenceLimit);
  watchdog.note_activity(kStart + 90s);
  CHECK(watchdog.next_deadline() == kStart + 210s);
  CHECK(watchdog.judge(kStart + 2min) == EndedBy::Itself);
  CHECK(watchdog.judge(kStart + 210s) == EndedBy::SilenceLimit);
}

TEST_CASE("after a rest that was none the limits count again") {
  Watchdog watchdog({10min, 2min, 5s}, kStart);
  watchdog.note_work(kStart + 1min);
  CHECK(watchdog.next_deadline() == kStart + 2min);
  watchdog.note_rest(kStart + 1min);
  CHECK(watchdog.judge(kStart + 1min + 4s) == EndedBy::Itself);
  watchdog.note_work(kStart + 1min + 4s);
  CHECK(watchdog.judge(kStart + 1min + 6s) == EndedBy::Itself);
  CHECK(watchdog.next_deadline() == kStart + 3min + 4s);
  watchdog.note_rest(kStart + 2min);
  CHECK(watchdog.judge(kStart + 2min + 5s) == EndedBy::LivedOnAfterResult);
}

TEST_CASE("at rest only the grace counts, from the first moment on") {
  Watchdog watchdog({10min, 2min, 5min}, kStart);
  watchdog.note_rest(kStart + 9min);
  watchdog.note_rest(kStart + 10min);
  watchdog.note_activity(kStart + 13min);
  CHECK(watchdog.next_deadline() == kStart + 14min);
  CHECK(watchdog.judge(kStart + 14min - 1ms) == EndedBy::Itself);
  CHECK(watchdog.judge(kStart + 14min) == EndedBy::LivedOnAfterResult);
}

TEST_CASE("the sentence names the limit that was passed") {
  const Watchdog::Limits limits{15min, 90s, 5s};
  CHECK(describe(EndedBy::TimeLimit, limits) == "ended after the time limit of 15m");
  CHECK(describe(EndedBy::SilenceLimit, limits) == "ended after 1m30s without progress");
  CHECK(describe(EndedBy::LivedOnAfterResult, limits) ==
        "ended because it was still there 5s after its result");
  CHECK(describe(EndedBy::Itself, limits).empty());
}
