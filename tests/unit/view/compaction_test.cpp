#include "view/compaction.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;

TEST_CASE("a compaction says what it gave up, and null where the past is kept nowhere") {
  store::Compaction compaction;
  compaction.epoch.number = 2;
  compaction.epoch.previous_tip = "0123456789abcdef0123456789abcdef01234567";
  compaction.operations = 40;
  compaction.archived[&store::task_kind] = 3;
  CHECK(view::to_json(compaction, true) == Json{{"epoch", 2},
                                                {"previous_tip", "0123456789abcdef0123456789abcdef01234567"},
                                                {"operations", 40},
                                                {"archived_tasks", 3},
                                                {"archived_runs", 0},
                                                {"archive", nullptr},
                                                {"dry_run", true}});
  compaction.epoch.archive = "refs/changelings/archive/1";
  CHECK(view::to_json(compaction, false).at("archive") == "refs/changelings/archive/1");
}
