#include "store/lease_watch.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "../temporary_folder.hpp"
#include "support/files.hpp"
#include "support/json.hpp"

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
  const LeaseWatch watch(folder.path() / "leases");
  const auto held = lease("task/1/a", noon, minutes(30));
  CHECK_FALSE(watch.is_over(held, noon + minutes(1)));
  CHECK_FALSE(watch.is_over(held, noon + hours(2)));
  CHECK_FALSE(watch.is_over(held, noon + hours(14)));
  // Nobody sets a clock wrong by so much, and somebody who has just come cannot have watched.
  CHECK(watch.is_over(held, noon + hours(16)));
}

TEST_CASE("what was seen for as long as it was given for is over when the clock says so, too") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases");
  const auto held = lease("task/1/a", noon, Duration(0));
  CHECK_FALSE(watch.is_over(held, noon));
  CHECK(watch.is_over(held, noon + minutes(1)));
  CHECK(watch.is_over(lease("run x", noon, -minutes(5)), noon + minutes(1)));
}

TEST_CASE("a renewal is watched from its beginning") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases");
  CHECK(watch.is_over(lease("task/1/a", noon, Duration(0)), noon + minutes(1)));
  CHECK_FALSE(watch.is_over(lease("task/1/b", noon, minutes(30)), noon + hours(2)));
}

TEST_CASE("what this machine gave ends after its own time, whatever the clock is set to meanwhile") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases");
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
  const LeaseWatch watch(folder.path() / "leases");
  watch.given(lease("ours", noon, hours(30)), noon);
  CHECK_FALSE(watch.is_over(lease("ours", noon, hours(30)), noon + hours(31)));
  CHECK_FALSE(watch.is_over(lease("theirs", noon, Duration(0)), noon));
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "leases")) {
    if (entry.path().extension() != ".json") continue;
    Json content = Json::parse(read_file(entry.path()));
    content["boot"] = "an earlier one";
    write_file(entry.path(), content.dump());
  }
  CHECK(watch.is_over(lease("ours", noon, hours(30)), noon + hours(31)));
  CHECK_FALSE(watch.is_over(lease("theirs", noon, minutes(30)), noon + hours(1)));
}

TEST_CASE("what is read and written for a lease does not grow with all that were given") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases");
  constexpr int count = 3000;
  for (int number = 0; number < count; ++number)
    watch.given(lease("task/" + std::to_string(number) + "/1", noon, minutes(30)), noon);
  std::size_t largest = 0;
  std::size_t all = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "leases")) {
    largest = std::max<std::size_t>(largest, entry.file_size());
    all += entry.file_size();
  }
  CHECK(largest < all / 50);
  CHECK_FALSE(watch.is_over(lease("task/77/1", noon, minutes(30)), noon + hours(2)));
}

TEST_CASE("a damaged file, and one that cannot be written, make nothing end sooner") {
  const TemporaryFolder folder;
  const LeaseWatch watch(folder.path() / "leases");
  watch.given(lease("a", noon, minutes(30)), noon);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "leases"))
    write_file(entry.path(), "no JSON");
  CHECK_FALSE(watch.is_over(lease("a", noon, minutes(30)), noon + hours(2)));
  folder.write("file", "");
  const LeaseWatch nowhere(folder.path() / "file" / "leases");
  CHECK_FALSE(nowhere.is_over(lease("a", noon, minutes(30)), noon + hours(2)));
  nowhere.given(lease("a", noon, minutes(30)), noon);
  CHECK(nowhere.is_over(lease("a", noon, minutes(30)), noon + hours(16)));
}
