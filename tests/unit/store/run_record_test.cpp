#include "store/run_record.hpp"

#include <doctest/doctest.h>

#include "support/json.hpp"

using namespace changeling;
using namespace changeling::store;

namespace {

RunRecord record() {
  RunRecord run;
  run.id = "abcdefgh";
  run.changeling = "sprite";
  run.started_at = parse_timestamp("2026-11-20T12:00:00Z");
  return run;
}

}  // namespace

TEST_CASE("what was refused and what was moved come back from a record") {
  RunRecord run = record();
  run.refused = {"Bash: git push"};
  run.moved_refs = {{"refs/heads/main", "aa", "bb", true}, {"refs/tags/v1", "", "cc", false}};
  const Json json = to_json(run);
  CHECK(json["refused"] == Json({"Bash: git push"}));
  CHECK(json["moved_refs"][0] ==
        Json{{"ref", "refs/heads/main"}, {"before", "aa"}, {"after", "bb"}, {"put_back", true}});
  CHECK(json["moved_refs"][1]["before"].is_null());
  const RunRecord read = run_from_json(json, "test");
  CHECK(read.refused == run.refused);
  REQUIRE(read.moved_refs.size() == 2);
  CHECK(read.moved_refs[0].put_back);
  CHECK(read.moved_refs[1].before.empty());
  CHECK(read.moved_refs[1].after == "cc");
}

TEST_CASE("a record of before has neither") {
  Json json = to_json(record());
  json.erase("refused");
  json.erase("moved_refs");
  const RunRecord read = run_from_json(json, "test");
  CHECK(read.refused.empty());
  CHECK(read.moved_refs.empty());
}

TEST_CASE("numbers that cannot be are none") {
  Json json = to_json(record());
  json["cost_usd"] = -1000.0;
  json["reserved_usd"] = 1e300;
  json["turns"] = -3;
  json["tokens"] = {{"input", -5}, {"output", 7}, {"cache_read", 9007199254740993}};
  const RunRecord read = run_from_json(json, "test");
  CHECK_FALSE(read.cost_usd);
  CHECK(read.reserved_usd == 0);
  CHECK_FALSE(read.turns);
  CHECK(read.tokens->input == 0);
  CHECK(read.tokens->output == 7);
  CHECK(read.tokens->cache_read == 0);
}
