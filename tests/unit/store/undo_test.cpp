#include "store/undo.hpp"

#include <doctest/doctest.h>

#include "../temporary_repository.hpp"
#include "queue/task_json.hpp"
#include "store/records.hpp"
#include "store/role_records.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::store;
using changeling::testing::TemporaryRepository;

namespace {

/// A second later at every look, so that commits have an order in time.
class SteppingClock : public Clock {
 public:
  Timestamp now() const override { return time_ += std::chrono::seconds(1); }

 private:
  mutable Timestamp time_ = parse_timestamp("2026-11-20T12:00:00Z");
};

struct Home {
  TemporaryRepository folder;
  git::Repository repository = folder.open();
  SteppingClock clock;
  Store store{repository,
              clock,
              std::string(default_reference),
              {"Ada", "ada@example.com"},
              folder.path() / ".git" / "changelings" / "store.lock"};
  TaskIndex index{store, folder.path() / ".git" / "changelings" / "index.sqlite"};
  TaskQueue tasks{store, index, clock};

  Home() { store.initialize(); }

  std::string write(const std::string& path, const std::string& content, const std::string& kind = "note") {
    store.update({kind + " " + path, kind, {}},
                 [&](const Snapshot&, Change& change) { change.write(path, content); });
    return tip();
  }
  std::string tip() { return store.snapshot().commit()->hex(); }
  std::optional<std::string> read(const std::string& path) { return store.snapshot().read(path); }
  Undone undo(const std::string& id = "") {
    return take_back(store, repository, tasks, operation_to_undo(store, repository, tasks, id));
  }
  Undone redo() { return take_back(store, repository, tasks, operation_to_redo(store, repository, tasks)); }
  std::vector<std::string> subjects() {
    std::vector<std::string> subjects;
    for (const auto& operation : read_history(repository, *store.snapshot().commit(), {}))
      subjects.push_back(operation.subject);
    return subjects;
  }
  queue::Task add(const std::string& title, std::vector<std::string> blocked_by = {}) {
    queue::Task task;
    task.title = title;
    task.status = queue::TaskStatus::Ready;
    task.blocked_by = std::move(blocked_by);
    return tasks.add({task}).front();
  }
  /// The sentence of the refusal, or nothing when it was not refused.
  std::string refusal(const std::string& id = "") {
    const std::string before = tip();
    try {
      undo(id);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::Refused);
      CHECK(tip() == before);
      return error.what();
    }
    return "";
  }
};

std::string short_id(const std::string& hex) {
  return hex.substr(0, 10);
}

}  // namespace

TEST_CASE("the last operation is taken back as a new one, and again redone") {
  Home home;
  home.write("notes/a", "one");
  const std::string second = home.write("notes/a", "two");
  home.write("notes/b", "new");
  const std::string third = home.tip();

  CHECK(home.undo().operation.id.hex() == third);
  CHECK_FALSE(home.read("notes/b"));
  const auto undone = operation_of(home.repository.commit(*home.store.snapshot().commit()));
  CHECK(undone.kind == "undo");
  CHECK(undone.undoes == third);
  CHECK(undone.subject == "undo: note notes/b");

  home.redo();
  CHECK(home.read("notes/b") == "new");
  home.undo(short_id(second));
  CHECK(home.read("notes/a") == "one");
  CHECK(home.read("notes/b") == "new");
}

TEST_CASE("undoing twice goes one step further back, and redo goes forward again") {
  Home home;
  home.write("notes/a", "one");
  home.write("notes/a", "two");
  home.undo();
  CHECK(home.read("notes/a") == "one");
  home.undo();
  CHECK_FALSE(home.read("notes/a"));
  CHECK(home.refusal().find("where the history begins") != std::string::npos);
  home.redo();
  CHECK(home.read("notes/a") == "one");
  home.redo();
  CHECK(home.read("notes/a") == "two");
  CHECK_THROWS_WITH_AS(home.redo(), doctest::Contains("nothing has been taken back"), Error);
  home.undo();
  home.undo();
  CHECK_FALSE(home.read("notes/a"));
  for (const std::string& subject : home.subjects()) {
    CHECK(subject.find("undo: undo") == std::string::npos);
    CHECK(subject.find("redo: undo") == std::string::npos);
    CHECK(subject.find("redo: redo") == std::string::npos);
    CHECK(subject.find("undo: redo") == std::string::npos);
  }
  CHECK(home.subjects().front() == "undo: note notes/a");
}

TEST_CASE("after another change nothing lies ahead, and single undos are still taken back by their id") {
  Home home;
  home.write("notes/a", "one");
  const std::string undo = home.undo().by.id.hex();
  home.write("notes/b", "new");
  CHECK_THROWS_WITH_AS(home.redo(), doctest::Contains("nothing has been taken back"), Error);
  const OperationRecord again = home.undo(undo).by;
  CHECK(again.kind == "redo");
  CHECK(again.subject == "redo: note notes/a");
  CHECK(home.read("notes/a") == "one");
  CHECK(home.undo(again.id.hex()).by.subject == "undo: note notes/a");
  CHECK_FALSE(home.read("notes/a"));
  home.redo();
  CHECK(home.read("notes/a") == "one");
}

TEST_CASE("what runs record is no step") {
  Home home;
  home.write("notes/a", "one");
  home.write("runs/x", "run", "run.finish");
  home.write("pulls/x", "pull", "pull.open");
  home.undo();
  CHECK_FALSE(home.read("notes/a"));
  CHECK(home.read("runs/x"));
  home.write("runs/y", "run", "run.finish");
  home.redo();
  CHECK(home.read("notes/a") == "one");
}

TEST_CASE("a merge of two histories names what takes back all that it brought") {
  Home home;
  const auto base = *home.store.snapshot().commit();
  const auto commit = [&](const std::string& subject) {
    return home.repository.create_commit(home.store.tree_of(base), {base}, home.store.actor(),
                                         home.clock.now(), subject + "\n\nOperation: note\n");
  };
  const auto ours = commit("ours");
  const auto theirs = commit("theirs");
  const auto merge =
      home.repository.create_commit(home.store.tree_of(base), {ours, theirs}, home.store.actor(),
                                    home.clock.now(), "sync: merge\n\nOperation: sync\n");
  home.repository.compare_and_swap(home.store.reference(), base, merge, "test");
  try {
    home.undo(merge.hex());
    FAIL("a merge was taken back");
  } catch (const Error& error) {
    CHECK(error.hint() == "take back all that it brought with: git changeling undo " + theirs.short_hex());
  }
}

TEST_CASE("a later change of the same file is in the way, and is named") {
  Home home;
  const std::string first = home.write("notes/a", "one");
  const std::string second = home.write("notes/a", "two", "later");
  const std::string sentence = home.refusal(first);
  CHECK(sentence.find("notes/a") != std::string::npos);
  CHECK(sentence.find(short_id(second)) != std::string::npos);
  home.undo(second);
  home.undo(first);
  CHECK_FALSE(home.read("notes/a"));
}

TEST_CASE("the beginning of the history stays") {
  Home home;
  CHECK(home.refusal().find("where the history begins") != std::string::npos);
}

TEST_CASE("only operations of this history can be named") {
  Home home;
  home.write("notes/a", "one");
  for (const char* word : {"HEAD", "main", "abc", "ffffffff", ""}) {
    CAPTURE(word);
    CHECK_THROWS_AS(find_operation(home.repository, *home.store.snapshot().commit(), word), Error);
  }
}

TEST_CASE("a claimed task is not taken away, a released one can be") {
  Home home;
  const auto task = home.add("one");
  const std::string added = home.tip();
  home.tasks.claim(task.id, {"worker", home.clock.now(), std::chrono::minutes(5), 3});
  const std::string claimed = home.tip();
  CHECK(home.refusal().find("is claimed by worker") != std::string::npos);
  CHECK(home.refusal(added).find(short_id(claimed)) != std::string::npos);
  home.tasks.release(task.id, 1, {"", "worker", "released", "", home.clock.now()}, 3);
  home.undo();
  CHECK(read_task(home.store.snapshot(), task.id)->lease->token == 1);
}

TEST_CASE("tasks that others wait for stay, and no cycle comes back") {
  Home home;
  const auto one = home.add("one");
  const std::string one_added = home.tip();
  const auto two = home.add("two", {one.id});
  CHECK(home.refusal(one_added).find("task " + two.id + " waits for it") != std::string::npos);

  home.tasks.edit(two.id, "edit", [](queue::Task& task) { task.blocked_by.clear(); });
  const std::string freed = home.tip();
  home.tasks.edit(one.id, "edit", [&](queue::Task& task) { task.blocked_by = {two.id}; });
  CHECK(home.refusal(freed).find("wait for each other") != std::string::npos);
}

TEST_CASE("a removed task comes back with what it was") {
  Home home;
  const auto task = home.add("one");
  home.tasks.remove({task.id});
  CHECK_FALSE(read_task(home.store.snapshot(), task.id));
  const Undone undone = home.undo();
  REQUIRE(undone.tasks.size() == 1);
  CHECK_FALSE(undone.tasks[0].before);
  CHECK(undone.tasks[0].after->title == "one");
  CHECK(queue::to_json(*read_task(home.store.snapshot(), task.id)) == queue::to_json(task));
}

TEST_CASE("runs: neither a running one nor the end of one is taken back") {
  const Home home;
  RunRecord running;
  running.id = "abcdef23";
  running.changeling = "sprite";
  running.started_at = parse_timestamp("2026-11-20T12:00:00Z");
  RunRecord finished = running;
  finished.status = RunStatus::Finished;
  finished.outcome = Outcome::NoChanges;
  const std::string path = run_path(running.id);
  CHECK_THROWS_WITH(check_restorable(home.repository, {{path, to_json(running).dump(), std::nullopt}}),
                    "run abcdef23 of sprite is running");
  CHECK_THROWS_WITH(
      check_restorable(home.repository, {{path, to_json(finished).dump(), to_json(running).dump()}}),
      "run abcdef23 of sprite has ended; that cannot be taken back");
}

TEST_CASE("pull requests: what changed a branch is not taken back here") {
  const Home home;
  PullRequestRecord pull;
  pull.number = 3;
  pull.run = "abcdef23";
  pull.base = "main";
  const std::string path = pull_request_path(3);
  const std::string open = to_json(pull).dump();
  CHECK_THROWS_WITH(check_restorable(home.repository, {{path, open, std::nullopt}}),
                    "run abcdef23 has opened pull request 3");
  pull.state = PullRequestState::Merged;
  CHECK_THROWS_WITH(check_restorable(home.repository, {{path, to_json(pull).dump(), open}}),
                    "pull request 3 is merged, which changed the branch main");
  pull.state = PullRequestState::Closed;
  CHECK_NOTHROW(check_restorable(home.repository, {{path, to_json(pull).dump(), open}}));
}

TEST_CASE("the history tells who did what, filtered and cut") {
  Home home;
  const auto one = home.add("one");
  const auto two = home.add("two");
  home.tasks.move(one.id, queue::TaskStatus::Planning);
  home.store.update({"about a changeling", "changeling.add", {{"Changeling", "sprite"}, {"Run", "abcdef23"}}},
                    [](const Snapshot&, Change& change) { change.write("changelings/sprite.toml", ""); });
  const git::ObjectId tip = *home.store.snapshot().commit();
  const auto subjects = [&](const HistoryQuery& query) {
    return read_history(home.repository, tip, query).size();
  };
  HistoryQuery query;
  CHECK(subjects(query) == 5);
  query.limit = 2;
  CHECK(subjects(query) == 2);
  CHECK(read_history(home.repository, tip, query)[0].kind == "changeling.add");
  CHECK(read_history(home.repository, tip, query)[0].actor == "Ada <ada@example.com>");
  query.limit = 0;
  query.task = one.id;
  CHECK(subjects(query) == 2);
  query.task = two.id;
  CHECK(subjects(query) == 1);
  query = {};
  query.changeling = "sprite";
  CHECK(subjects(query) == 1);
  query.run = "abc";
  CHECK(subjects(query) == 1);
  query.run = "xyz";
  CHECK(subjects(query) == 0);
  query = {};
  query.since = read_history(home.repository, tip, {})[1].time;
  CHECK(subjects(query) == 2);
}

TEST_CASE("an operation on many tasks is in the history of each") {
  Home home;
  queue::Task task;
  task.title = "one of two";
  const auto added = home.tasks.add({task, task});
  const git::ObjectId tip = *home.store.snapshot().commit();
  for (const queue::Task& one : added) {
    HistoryQuery query;
    query.task = one.id;
    CHECK(read_history(home.repository, tip, query).size() == 1);
  }
}

TEST_CASE("a role is written and read back") {
  Home home;
  const RoleDefinition role{"reviewer", "claude", "Review \"it\".\nThen\tsay \\ so.\n", true};
  home.store.update({"role add reviewer", "role.add", {}},
                    [&](const Snapshot&, Change& change) { write_role(change, role); });
  const auto roles = read_roles(home.store.snapshot());
  REQUIRE(roles.contains("reviewer"));
  const RoleDefinition& read = roles.at("reviewer");
  CHECK(read.name == role.name);
  CHECK(read.agent == role.agent);
  CHECK(read.prompt == role.prompt);
  CHECK(read.interactive);
  CHECK_FALSE(read_role(home.store.snapshot(), "other"));
}

TEST_CASE("what another identity did is told from what was done here") {
  Home home;
  home.write("notes/a", "one");
  CHECK_FALSE(is_of_somebody_else(home.store, operation_to_undo(home.store, home.repository, home.tasks)));
  Store other(home.repository, home.clock, std::string(default_reference), {"Bob", "bob@example.com"},
              home.folder.path() / ".git" / "changelings" / "store.lock");
  CHECK(is_of_somebody_else(other, operation_to_undo(other, home.repository, home.tasks)));
  // The undo is Bob's own, also where what it took back was not; for Ada it is somebody else's.
  take_back(other, home.repository, home.tasks, operation_to_undo(other, home.repository, home.tasks));
  CHECK_FALSE(is_of_somebody_else(other, operation_to_redo(other, home.repository, home.tasks)));
  CHECK(is_of_somebody_else(home.store, operation_to_redo(home.store, home.repository, home.tasks)));
}

TEST_CASE("a name that a commit shortens stays the same person's") {
  Home home;
  Store junior(home.repository, home.clock, std::string(default_reference), {"Ada jr.", " ada@example.com"},
               home.folder.path() / ".git" / "changelings" / "store.lock");
  junior.update({"note", "note", {}},
                [](const Snapshot&, Change& change) { change.write("notes/a", "one"); });
  const OperationRecord operation = operation_to_undo(junior, home.repository, home.tasks);
  CHECK_FALSE(is_of_somebody_else(junior, operation));
  CHECK(is_of_somebody_else(home.store, operation));
}

TEST_CASE("a last step that cannot be taken back does not hide the one before it") {
  Home home;
  const std::string first = home.write("notes/a", "one");
  PullRequestRecord pull;
  pull.number = 1;
  pull.state = PullRequestState::Merged;
  home.write(pull_request_path(1), to_json(pull).dump(), "pull.accept");
  try {
    home.undo();
    FAIL("was not refused");
  } catch (const Error& error) {
    CHECK(error.hint().find("git changeling undo " + short_id(first) + " (note notes/a)") !=
          std::string::npos);
  }
  home.undo(first);
  CHECK_FALSE(home.read("notes/a"));
}
