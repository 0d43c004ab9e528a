#include "view/tick.hpp"

#include <doctest/doctest.h>

#include "keys.hpp"

using namespace changeling;
using testing::keys_of;
using Verdict = triggers::Decision::Verdict;

namespace {

triggers::TickEntry entry(const std::string& name, Verdict verdict) {
  triggers::TickEntry made;
  made.due.definition.name = name;
  made.due.decision.verdict = verdict;
  made.due.decision.reason = "because of " + name;
  if (verdict == Verdict::Waiting)
    made.due.decision.next = testing::morning;
  else
    made.due.decision.scheduled_for = testing::morning;
  return made;
}

Json shown(std::vector<triggers::TickEntry> entries) {
  return view::to_json({{"/repository/.git", "repository", std::move(entries), ""}}, testing::morning);
}

}  // namespace

TEST_CASE("a tick answers with lists of what is due, held back, waiting and in trouble") {
  const Json json = shown({});
  CHECK(keys_of(json) == "due held_back now problems waiting");
  CHECK(json.at("now") == testing::morning_text);
  for (const char* list : {"due", "held_back", "waiting", "problems"}) {
    INFO(list);
    CHECK(json.at(list) == Json::array());
  }
}

TEST_CASE("each changeling of a tick stands in the list of its verdict") {
  const Json json =
      shown({entry("now", Verdict::Due), entry("kept", Verdict::HeldBack), entry("later", Verdict::Waiting)});
  CHECK(json.at("due") == Json::array({{{"repository", "/repository/.git"},
                                        {"changeling", "now"},
                                        {"scheduled_for", testing::morning_text},
                                        {"reason", "because of now"}}}));
  CHECK(json.at("held_back") == Json::array({{{"repository", "/repository/.git"},
                                              {"changeling", "kept"},
                                              {"scheduled_for", testing::morning_text},
                                              {"reason", "because of kept"}}}));
  CHECK(json.at("waiting") == Json::array({{{"repository", "/repository/.git"},
                                            {"changeling", "later"},
                                            {"next_run", testing::morning_text},
                                            {"reason", "because of later"}}}));
}

TEST_CASE("what a tick has started names its run, and what did not begin after all says why") {
  triggers::TickEntry started = entry("a", Verdict::Due);
  started.run = "abc234";
  triggers::TickEntry skipped = entry("b", Verdict::Due);
  skipped.skipped = "another machine was faster";
  const Json due = shown({started, skipped}).at("due");
  CHECK(due.at(0).at("run") == "abc234");
  CHECK_FALSE(due.at(0).contains("skipped"));
  CHECK(due.at(1).at("skipped") == "another machine was faster");
  CHECK_FALSE(due.at(1).contains("run"));
}

TEST_CASE("a repository that cannot be looked at is a problem beside the others") {
  const Json json = view::to_json(
      {{"/gone", "gone", {}, "it is not there"}, {"/here", "here", {entry("now", Verdict::Due)}, ""}},
      testing::morning);
  CHECK(json.at("problems") == Json::array({{{"repository", "/gone"}, {"problem", "it is not there"}}}));
  CHECK(json.at("due").at(0).at("repository") == "/here");
}
