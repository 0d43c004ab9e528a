#include "store/lease_watch.hpp"

#include <doctest/doctest.h>

#include "../temporary_folder.hpp"

using namespace changeling;
using changeling::store::LeaseWatch;
using changeling::test::TemporaryFolder;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

const Timestamp noon = parse_timestamp("2026-11-20T12:00:00Z");

LeaseWatch::Lease lease(const std::string& key, Timestamp given, Duration length) {
  return {key, given + length, length};
}

}  // namespace

TEST_CASE("a clock that is ahead by hours does not end what another machine holds") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases.json");
  const auto held = lease("task/1/a", noon, minutes(30));
  CHECK_FALSE(watch.is_over(held, noon + minutes(1)));
  CHECK_FALSE(watch.is_over(held, noon + hours(2)));
  CHECK_FALSE(watch.is_over(held, noon + hours(14)));
  // Nobody sets a clock wrong by so much, and somebody who has just come cannot have watched.
  CHECK(watch.is_over(held, noon + hours(16)));
}

TEST_CASE("what was seen for as long as it was given for is over when the clock says so, too") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases.json");
  const auto held = lease("task/1/a", noon, Duration(0));
  CHECK_FALSE(watch.is_over(held, noon));
  CHECK(watch.is_over(held, noon + minutes(1)));
  CHECK(watch.is_over(lease("run x", noon, -minutes(5)), noon + minutes(1)));
}

TEST_CASE("a renewal is watched from its beginning") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases.json");
  CHECK(watch.is_over(lease("task/1/a", noon, Duration(0)), noon + minutes(1)));
  CHECK_FALSE(watch.is_over(lease("task/1/b", noon, minutes(30)), noon + hours(2)));
}

TEST_CASE("what this machine gave ends after its own time, whatever the clock is set to meanwhile") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases.json");
  const auto own = lease("task/1/a", noon, minutes(30));
  watch.given(own, noon);
  CHECK_FALSE(watch.is_over(own, noon + hours(2)));
  CHECK_FALSE(watch.is_over(own, noon + hours(200)));
  const auto short_one = lease("task/2/a", noon, minutes(30));
  watch.given(short_one, noon + minutes(30));
  CHECK_FALSE(watch.is_over(short_one, noon + minutes(29)));
  CHECK(watch.is_over(short_one, noon + minutes(31)));
}

TEST_CASE("after a start of the machine others are watched anew, and its own end by the clock") {
  const TemporaryFolder folder;
  const auto file =
      folder.write("leases.json",
                   R"({"boot": "an earlier one", "leases": {"theirs": {"over_at": 1, "given": false},
                                     "ours": {"over_at": 1, "given": true}}})");
  const LeaseWatch watch(folder.path() / "leases.json");
  CHECK(watch.is_over(lease("ours", noon, minutes(30)), noon + hours(1)));
  CHECK_FALSE(watch.is_over(lease("theirs", noon, minutes(30)), noon + hours(1)));
}

TEST_CASE("a damaged file, and one that cannot be written, make nothing end sooner") {
  const TemporaryFolder folder;
  folder.write("leases.json", "no JSON");
  CHECK_FALSE(
      LeaseWatch(folder.path() / "leases.json").is_over(lease("a", noon, minutes(30)), noon + hours(2)));
  folder.write("file", "");
  const LeaseWatch nowhere(folder.path() / "file" / "leases.json");
  CHECK_FALSE(nowhere.is_over(lease("a", noon, minutes(30)), noon + hours(2)));
  nowhere.given(lease("a", noon, minutes(30)), noon);
  CHECK(nowhere.is_over(lease("a", noon, minutes(30)), noon + hours(16)));
}
