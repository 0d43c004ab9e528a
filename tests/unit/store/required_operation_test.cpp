#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "open_store.hpp"
#include "store/history.hpp"
#include "support/error.hpp"

using namespace changeling;
using testing::error_of;
using testing::OpenStore;

namespace {

void write(store::Store& store, const std::string& content) {
  store.update({"write", "test", {{"Task", "abcd2345"}}},
               [&](const store::Snapshot&, store::Change& change) { change.write("file", content); });
}

std::string newest_message(const OpenStore& place) {
  return place.repository.commit(*place.store.snapshot().commit()).message;
}

}  // namespace

TEST_CASE("on whose behalf an operation is written stands behind its own trailers") {
  const testing::TemporaryRepository home;
  OpenStore place(home);
  place.store.initialize();
  place.store.mark_operations({{"Session", "phone\nOperation: evil"}});
  write(place.store, "one");
  CHECK(
      newest_message(place).ends_with("Operation: test\nTask: abcd2345\nSession: phone\\nOperation: evil\n"));
  const auto operations = store::read_history(place.repository, *place.store.snapshot().commit(), {});
  CHECK(operations.front().session == "phone\\nOperation: evil");
  CHECK(operations.front().kind == "test");
}

TEST_CASE("who writes on somebody's behalf, or under a requirement, writes for nobody else") {
  const testing::TemporaryRepository home;
  OpenStore place(home);
  CHECK(place.store.can_write_for_others());
  place.store.require_of_next([](const store::Snapshot&) {});
  CHECK(!place.store.can_write_for_others());
  place.store.require_of_next({});
  place.store.mark_operations({{"Session", "phone"}});
  CHECK(!place.store.can_write_for_others());
}

TEST_CASE("an operation whose requirement does not hold is not written, and the next one needs it still") {
  const testing::TemporaryRepository home;
  OpenStore place(home);
  place.store.initialize();
  const auto before = place.store.snapshot().commit();
  place.store.require_of_next([](const store::Snapshot& snapshot) {
    if (!snapshot.read("file")) throw Error(ErrorKind::Conflict, "there is no file");
  });
  const auto refused = error_of([&] { write(place.store, "one"); });
  REQUIRE(refused.has_value());
  CHECK(refused->kind() == ErrorKind::Conflict);
  CHECK(place.store.snapshot().commit() == before);
  OpenStore other(home);
  write(other.store, "theirs");
  write(place.store, "ours");
  CHECK(place.store.snapshot().read("file") == "ours");
}

TEST_CASE("a requirement is asked anew after a lost race, and forgotten once something was written") {
  const testing::TemporaryRepository home;
  OpenStore place(home);
  OpenStore other(home);
  place.store.initialize();
  int asked = 0;
  place.store.require_of_next([&](const store::Snapshot&) {
    // Another writer is faster the first time.
    if (++asked == 1) write(other.store, "theirs");
  });
  write(place.store, "ours");
  CHECK(asked == 2);
  write(place.store, "again");
  CHECK(asked == 2);
}
