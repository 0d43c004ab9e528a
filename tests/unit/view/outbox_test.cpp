#include "view/outbox.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;

TEST_CASE("what waits to be sent says since when, how often it was tried, and why it failed") {
  project::OutboxEntry entry;
  entry.proposal.run = "abc234";
  entry.proposal.changeling = "sprite";
  entry.proposal.branch = "changelings/sprite/abc234";
  entry.created_at = testing::morning;
  entry.next_try = testing::morning + std::chrono::minutes(1);
  entry.tries = 2;
  entry.error = "no network";
  CHECK(view::to_json(entry) == Json{{"run", "abc234"},
                                     {"changeling", "sprite"},
                                     {"branch", "changelings/sprite/abc234"},
                                     {"since", testing::morning_text},
                                     {"tries", 2},
                                     {"next_try", "2026-11-20T03:01:00.000Z"},
                                     {"error", "no network"}});
}

TEST_CASE("what came of sending names the runs, and for those that wait the reason") {
  run::OutboxReport report;
  report.sent = {"abc234"};
  report.waiting = {{"def567", "sprite", "no network"}};
  report.dropped = {"Nobody wants it."};
  report.refused = {"A hook does not."};
  CHECK(view::to_json(report) == Json{{"sent", {"abc234"}},
                                      {"waiting", {"def567"}},
                                      {"reasons", {{"def567", "no network"}}},
                                      {"dropped", {"Nobody wants it."}},
                                      {"refused", {"A hook does not."}}});
}

TEST_CASE("an empty outbox has empty lists and no reasons") {
  CHECK(view::to_json(run::OutboxReport{}) == Json{{"sent", Json::array()},
                                                   {"waiting", Json::array()},
                                                   {"reasons", Json::object()},
                                                   {"dropped", Json::array()},
                                                   {"refused", Json::array()}});
}
