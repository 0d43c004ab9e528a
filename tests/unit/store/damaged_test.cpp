#include "store/damaged.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "git/pack_writer.hpp"
#include "store/records.hpp"
#include "store/role_records.hpp"
#include "store/task_archive.hpp"
#include "support/json.hpp"
#include "task_fixture.hpp"

using namespace changeling;
using namespace changeling::testing;
using store::DamagedRecords;
using store::Snapshot;

namespace {

/// One kind of record: two sound ones, and how it is read.
struct Kind {
  std::string name;
  std::string path;
  std::string content;
  std::string sound_path;
  std::string sound_content;
  std::function<std::size_t(const Snapshot&, DamagedRecords&)> read_all;  ///< How many there are.
  std::function<void(const Snapshot&)> read_one;
};

std::string run_text(const std::string& id) {
  store::RunRecord run;
  run.id = id;
  run.changeling = "sprite";
  run.started_at = fixed_clock.now();
  return store::to_json(run).dump(1);
}

std::string pull_text(std::int64_t number) {
  store::PullRequestRecord pull;
  pull.number = number;
  pull.created_at = fixed_clock.now();
  return store::to_json(pull).dump(1);
}

std::string task_text(const std::string& id) {
  queue::Task task = new_task("t");
  task.id = id;
  task.created_at = task.updated_at = fixed_clock.now();
  return store::task_text(task);
}

std::vector<Kind> kinds() {
  const std::string definition = "prompt = \"Do it.\"\nagent = \"claude\"\n";
  const std::string role = "agent = \"claude\"\nprompt = \"Do it.\"\n";
  return {
      {"definition", store::definition_path("broken"), definition, store::definition_path("sound"),
       definition,
       [](const Snapshot& snapshot, DamagedRecords& damaged) {
         return store::read_definitions(snapshot, &damaged).size();
       },
       [](const Snapshot& snapshot) { static_cast<void>(store::read_definition(snapshot, "broken")); }},
      {"role", store::role_path("broken"), role, store::role_path("sound"), role,
       [](const Snapshot& snapshot, DamagedRecords& damaged) {
         return store::read_roles(snapshot, &damaged).size();
       },
       [](const Snapshot& snapshot) { static_cast<void>(store::read_role(snapshot, "broken")); }},
      {"run", store::run_path("aaaa1111"), run_text("aaaa1111"), store::run_path("bbbb2222"),
       run_text("bbbb2222"),
       [](const Snapshot& snapshot, DamagedRecords& damaged) {
         return store::read_runs(snapshot, &damaged).size();
       },
       [](const Snapshot& snapshot) { static_cast<void>(store::read_run(snapshot, "aaaa1111")); }},
      {"pull request", store::pull_request_path(3), pull_text(3), store::pull_request_path(2), pull_text(2),
       [](const Snapshot& snapshot, DamagedRecords& damaged) {
         return store::read_pull_requests(snapshot, &damaged).size();
       },
       [](const Snapshot& snapshot) { static_cast<void>(store::read_pull_request(snapshot, 3)); }},
      {"task", store::task_path("bcdf2345"), task_text("bcdf2345"), store::task_path("cdfg2345"),
       task_text("cdfg2345"), nullptr,
       [](const Snapshot& snapshot) { static_cast<void>(store::read_task(snapshot, "bcdf2345")); }},
  };
}

bool is_toml(const Kind& kind) {
  return kind.path.ends_with(".toml");
}

/// The bytes of a damaged record; nothing where the damage does not exist for the kind.
struct Damage {
  std::string name;
  std::function<std::optional<std::string>(const Kind&)> content;
};

std::vector<Damage> damages() {
  const auto with = [](const Kind& kind, const std::string& json, const std::string& toml) {
    return std::optional(is_toml(kind) ? toml : json);
  };
  return {
      {"empty", [](const Kind&) { return std::string(); }},
      {"blank", [](const Kind&) { return std::string(" \n\n"); }},
      {"cut", [](const Kind& kind) { return kind.content.substr(0, kind.content.size() - 3); }},
      {"wrong shape", [=](const Kind& kind) { return with(kind, "[1, 2]", "[[prompt]]\na = 1"); }},
      {"a single number", [=](const Kind& kind) { return with(kind, "17", "17"); }},
      {"wrong types",
       [=](const Kind& kind) {
         return with(kind, R"({"id": 1, "number": "x", "status": [], "started_at": {}})", "prompt = 7");
       }},
      {"invalid UTF-8",
       [=](const Kind& kind) { return with(kind, "{\"id\": \"\xff\"}", "prompt = \"\xff\""); }},
      {"a zero byte", [](const Kind& kind) { return std::string(1, '\0') + kind.content; }},
      {"wrong id",
       [](const Kind& kind) -> std::optional<std::string> {
         if (is_toml(kind)) return std::nullopt;
         return kind.sound_content;
       }},
  };
}

/// A tree with the entry at `path` replaced by something that is no file.
git::ObjectId commit_with_entry(OpenStore& open, const std::string& path, git::EntryKind entry) {
  const Snapshot before = open.store.snapshot();
  git::FileEdit edit(open.repository.write_blob("elsewhere"), false);
  edit.kind = entry;
  const git::ObjectId tree = open.repository.edit_tree(*before.tree(), {{path, edit}});
  const auto commit =
      open.repository.create_commit(tree, {*before.commit()}, {"Ada", "a@b"}, fixed_clock.now(), "spoil");
  REQUIRE(open.repository.compare_and_swap(open.store.reference(), before.commit(), commit, "spoil") ==
          git::SwapResult::Swapped);
  return commit;
}

void write(OpenStore& open, const std::string& path, const std::string& content) {
  open.store.update({"x", "x", {}},
                    [&](const Snapshot&, store::Change& change) { change.write(path, content); });
}

/// The record at kind.path is damaged: the other one is read, this one is named.
void check_quarantined(OpenStore& open, const Kind& kind) {
  const Snapshot snapshot = open.store.snapshot();
  DamagedRecords damaged;
  std::size_t readable = 0;
  if (kind.read_all) {
    readable = kind.read_all(snapshot, damaged);
  } else {
    store::TaskIndex index(open.store, open.repository.common_directory() / "changelings/index.sqlite");
    index.follow();
    readable = index.count({});
    damaged = index.unreadable();
  }
  CHECK(readable == 1);
  REQUIRE(damaged.size() == 1);
  CHECK(damaged.front().path.starts_with(kind.path));
  CHECK_FALSE(damaged.front().reason.empty());
  CHECK(damaged.front().reason.find(kind.path) == std::string::npos);
  try {
    kind.read_one(snapshot);
    FAIL("a damaged record was read");
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::Invalid);
    CHECK(std::string(error.what()).find(kind.path + " cannot be read: ") != std::string::npos);
    CHECK(error.hint().find("git show ") != std::string::npos);
  }
}

}  // namespace

TEST_CASE("whatever is wrong with a record of whatever kind, the others are read and it is named") {
  for (const Kind& kind : kinds()) {
    for (const Damage& damage : damages()) {
      const auto content = damage.content(kind);
      if (!content) continue;
      CAPTURE(kind.name);
      CAPTURE(damage.name);
      const TemporaryRepository home;
      OpenStore open(home);
      open.store.initialize();
      write(open, kind.sound_path, kind.sound_content);
      write(open, kind.path, *content);
      check_quarantined(open, kind);
    }
  }
}

TEST_CASE("what is no file at the place of a record is named as well") {
  for (const Kind& kind : kinds()) {
    for (const auto entry : {git::EntryKind::Link, git::EntryKind::Submodule}) {
      for (const bool was_there : {true, false}) {
        CAPTURE(kind.name);
        CAPTURE(was_there);
        const TemporaryRepository home;
        OpenStore open(home);
        open.store.initialize();
        write(open, kind.sound_path, kind.sound_content);
        if (was_there) write(open, kind.path, kind.content);
        commit_with_entry(open, kind.path, entry);
        check_quarantined(open, kind);
      }
    }
    CAPTURE(kind.name);
    const TemporaryRepository home;
    OpenStore open(home);
    open.store.initialize();
    write(open, kind.sound_path, kind.sound_content);
    write(open, kind.path + "/inside", kind.content);
    check_quarantined(open, kind);
  }
}

TEST_CASE("a file whose name is no id is a stray") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  const std::vector<std::string> strays{"changelings/README", "changelings/a b.toml",    "pulls/0.json",
                                        "pulls/07.json",      "pulls/one.json",          "roles/.toml",
                                        "runs/ab/README",     "runs/ab/cd/efgh1111.json"};
  for (const std::string& path : strays) write(open, path, "{}");
  DamagedRecords damaged;
  const Snapshot snapshot = open.store.snapshot();
  CHECK(store::read_definitions(snapshot, &damaged).empty());
  CHECK(store::read_pull_requests(snapshot, &damaged).empty());
  CHECK(store::read_roles(snapshot, &damaged).empty());
  CHECK(store::read_runs(snapshot, &damaged).empty());
  std::vector<std::string> paths;
  for (const auto& record : damaged) {
    paths.push_back(record.path);
    CHECK(record.reason.starts_with("not the place of "));
  }
  CHECK(paths == strays);
}

TEST_CASE("a damaged pull request keeps its number") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  write(open, store::pull_request_path(7), "{");
  CHECK(store::next_pull_request_number(open.store.snapshot()) == 8);
}

TEST_CASE("a damaged candidate is not claimed, the next one is") {
  const TemporaryRepository home;
  SteppedClock clock;
  OpenQueue open(home, clock);
  queue::Task urgent = new_task("urgent");
  urgent.priority = queue::Priority::Urgent;
  const auto tasks = open.queue.add({urgent, new_task("usual"), new_task("waits")});
  open.queue.edit(tasks[2].id, "edit", [&](queue::Task& task) { task.blocked_by = {tasks[0].id}; });
  open.store.update({"x", "x", {}}, [&](const Snapshot&, store::Change& change) {
    change.write(store::task_path(tasks[0].id), "{");
  });
  const queue::ClaimTerms terms{"w", clock.now(), std::chrono::minutes(5), 3};
  CHECK(std::get<queue::Task>(open.queue.claim(queue::ClaimFilter{}, terms)).id == tasks[1].id);
  // What waits for the damaged one goes on waiting: nobody knows whether that is done.
  CHECK(std::holds_alternative<store::Empty>(open.queue.claim(queue::ClaimFilter{}, terms)));
  CHECK_THROWS_AS(open.queue.claim(tasks[0].id, terms), Error);
  CHECK_THROWS_WITH_AS(static_cast<void>(open.queue.find(tasks[0].id.substr(0, 6))),
                       doctest::Contains("cannot be read"), Error);
  CHECK(open.store.snapshot().read(store::task_path(tasks[0].id)) == "{");
}

TEST_CASE("a folder in the place of a record goes when the record comes back") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  const std::string path = store::run_path("aaaa1111");
  write(open, path + "/inside/deep", "x");
  open.store.update({"x", "x", {}}, [&](const Snapshot&, store::Change& change) {
    change.remove(path + "/inside/deep");
    change.write(path, run_text("aaaa1111"));
  });
  CHECK(store::read_runs(open.store.snapshot()).size() == 1);
  CHECK(home.is_sound());
}
