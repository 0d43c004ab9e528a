#include "triggers/quiet_time.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "scheduled_place.hpp"

using namespace changeling;
using namespace changeling::triggers;
using testing::at;
using Verdict = Decision::Verdict;

namespace {

const Timestamp noon = at("2026-11-20T12:00:00Z");
const Timestamp one = at("2026-11-20T13:00:00Z");

DueChangeling judged(Verdict verdict, std::optional<Timestamp> next = std::nullopt) {
  DueChangeling due;
  due.decision.verdict = verdict;
  due.decision.next = next;
  return due;
}

struct Place : testing::ScheduledPlace {
  /// As another process sees it, which has nothing in memory.
  bool covers(Timestamp now) {
    project::Project other(opening());
    return QuietTime(other).covers(now);
  }
  void remember(const std::vector<DueChangeling>& all, Timestamp now = noon) {
    QuietTime(project).remember(all, now);
  }
};

/// A place where it was found out at noon that nothing comes before the next day.
struct QuietPlace : Place {
  QuietPlace() {
    approve("nightly", "2026-11-18T15:00:00Z");
    remember({judged(Verdict::Waiting, at("2026-11-21T03:00:00Z"))});
    REQUIRE(covers(one));
  }
};

}  // namespace

TEST_CASE("before anything was judged no time is quiet") {
  Place place;
  CHECK_FALSE(place.covers(noon));
}

TEST_CASE("it is quiet until the next time comes, of whichever changeling") {
  Place place;
  place.remember({judged(Verdict::Waiting, at("2026-11-21T03:00:00Z")),
                  judged(Verdict::Waiting, at("2026-11-20T14:00:00Z")), judged(Verdict::Waiting)});
  CHECK(place.covers(noon));
  CHECK(place.covers(at("2026-11-20T13:59:59Z")));
  CHECK_FALSE(place.covers(at("2026-11-20T14:00:00Z")));
}

TEST_CASE("a clock that was put back is in no quiet time") {
  Place place;
  place.remember({});
  CHECK_FALSE(place.covers(at("2026-11-20T11:59:59Z")));
}

TEST_CASE("without any schedule it is quiet for a day") {
  Place place;
  place.remember({});
  CHECK(place.covers(at("2026-11-21T11:59:59Z")));
  CHECK_FALSE(place.covers(at("2026-11-21T12:00:00Z")));
}

TEST_CASE("while a time is held back it is quiet for five minutes") {
  Place place;
  place.remember({judged(Verdict::HeldBack, at("2026-11-21T03:00:00Z"))});
  CHECK(place.covers(at("2026-11-20T12:04:59Z")));
  CHECK_FALSE(place.covers(at("2026-11-20T12:05:00Z")));
}

TEST_CASE("while something is due it is not quiet") {
  Place place;
  place.remember({judged(Verdict::Waiting), judged(Verdict::Due)});
  CHECK_FALSE(place.covers(noon));
}

TEST_CASE("a change of the state ends the quiet") {
  QuietPlace place;
  place.project.store().update({"change", "test", {}}, [](const store::Snapshot&, store::Change& change) {
    change.write("note", "new");
  });
  CHECK_FALSE(place.covers(one));
}

TEST_CASE("a commit on the base branch ends the quiet, and one elsewhere does not") {
  QuietPlace place;
  place.place.git("branch elsewhere");
  place.place.git("worktree add -q ../other elsewhere");
  place.place.git("-C ../other commit -q --allow-empty -m elsewhere");
  CHECK(place.covers(one));
  place.place.git("commit -q --allow-empty -m new");
  CHECK_FALSE(place.covers(one));
}

TEST_CASE("an approval ends the quiet") {
  QuietPlace place;
  place.approve("nightly", "2026-11-20T12:30:00Z");
  CHECK_FALSE(place.covers(one));
}

TEST_CASE("the user's own file ends the quiet when it comes") {
  QuietPlace place;
  const auto folder = place.home.path() / ".config" / "git-changeling";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "config.toml") << "[defaults]\n";
  CHECK_FALSE(place.covers(one));
}

TEST_CASE("a halt ends the quiet") {
  QuietPlace place;
  place.halt();
  CHECK_FALSE(place.covers(one));
}

TEST_CASE("a setting of ours ends the quiet, and one of others does not") {
  QuietPlace place;
  place.place.git("config user.signingkey x");
  CHECK(place.covers(one));
  place.place.git("config changeling.dailyBudget 5");
  CHECK_FALSE(place.covers(one));
}

TEST_CASE("a new remote ends the quiet") {
  QuietPlace place;
  place.place.git("remote add origin https://example.com/x.git");
  CHECK_FALSE(place.covers(one));
}

TEST_CASE("a note of quiet that cannot be read is none") {
  QuietPlace place;
  for (const char* text : {"", "[]", "{\"since\": 1}", "{"}) {
    INFO(text);
    std::ofstream(place.project.places().local_folder() / "quiet-time.json") << text;
    CHECK_FALSE(place.covers(one));
  }
}
