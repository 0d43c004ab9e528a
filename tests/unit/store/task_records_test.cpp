#include "store/task_records.hpp"

#include <doctest/doctest.h>

#include "open_store.hpp"
#include "queue/task_json.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using changeling::testing::OpenStore;
using changeling::testing::TemporaryRepository;

namespace {

queue::Task sample(const std::string& id) {
  queue::Task task;
  task.id = id;
  task.title = "t";
  task.created_at = testing::fixed_clock.now();
  return task;
}

}  // namespace

TEST_CASE("a task lies below folders named after its first letters") {
  CHECK(store::task_path("bcdf2345") == "items/bc/df/bcdf2345.json");
  CHECK(store::task_id_of("items/bc/df/bcdf2345.json") == "bcdf2345");
  for (const char* path : {"items/bc/bcdf2345.json", "items/bc/dd/bcdf2345.json", "items/bc/df/bcdf2345.txt",
                           "items/ab/c/abc.json", "runs/bc/df/bcdf2345.json", "format"})
    CHECK_FALSE(store::task_id_of(path));
}

TEST_CASE("a task is written and read back") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  const queue::Task task = sample("bcdf2345");
  open.store.update({"add", "add", {}},
                    [&](const store::Snapshot&, store::Change& change) { write_task(change, task); });
  const auto snapshot = open.store.snapshot();
  CHECK(queue::to_json(*read_task(snapshot, "bcdf2345")) == queue::to_json(task));
  CHECK_FALSE(read_task(snapshot, "bcdf2346"));
  CHECK_FALSE(read_task(snapshot, "../x"));
}

TEST_CASE("a damaged record is named with commit and path") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  open.store.update({"x", "x", {}}, [&](const store::Snapshot&, store::Change& change) {
    change.write(store::task_path("bcdf2345"), "{");
    change.write(store::task_path("ccdf2345"), store::task_text(sample("bbbb2345")));
  });
  const auto snapshot = open.store.snapshot();
  CHECK_THROWS_AS(read_task(snapshot, "bcdf2345"), Error);
  CHECK_THROWS_WITH_AS(read_task(snapshot, "ccdf2345"),
                       (snapshot.commit()->short_hex() +
                        ":items/cc/df/ccdf2345.json cannot be read: holds the id 'bbbb2345', not 'ccdf2345'")
                           .c_str(),
                       Error);
}

TEST_CASE("a change of many records goes into one pack, and a record that must be new is refused by path") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  open.store.update({"many", "many", {}}, [](const store::Snapshot&, store::Change& change) {
    for (int number = 0; number < 300; ++number)
      change.create("notes/" + std::to_string(number), std::to_string(number));
  });
  CHECK(open.store.snapshot().names("notes").size() == 300);
  CHECK(open.store.snapshot().read("notes/299") == "299");
  CHECK(std::distance(std::filesystem::directory_iterator(home.path() / ".git" / "objects" / "pack"), {}) ==
        2);
  CHECK_THROWS_AS(open.store.update({"again", "again", {}},
                                    [](const store::Snapshot&, store::Change& change) {
                                      change.create("notes/7", "other");
                                    }),
                  git::PathExists);
  CHECK(open.store.snapshot().read("notes/7") == "7");
  CHECK(home.is_sound());
}

TEST_CASE("records can be packed ahead of the update that names them") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  git::PackWriter pack = open.store.start_pack();
  const git::ObjectId blob = pack.write_blob("ahead");
  pack.finish();
  std::optional<store::Store::Written> written;
  open.store.update(
      [&](const store::Snapshot&, store::Change& change) {
        change.create("notes/a", blob);
        return store::Operation{"ahead", "ahead", {}};
      },
      [&](const store::Store::Written& what) { written = what; });
  const auto snapshot = open.store.snapshot();
  CHECK(snapshot.read("notes/a") == "ahead");
  CHECK(written->commit == snapshot.commit());
  CHECK(open.repository.commit(written->commit).parents == std::vector{written->before});
  CHECK(home.is_sound());
}
