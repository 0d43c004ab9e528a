#include "store/record_index.hpp"

#include <fmt/format.h>

#include "store/pull_request_rows.hpp"
#include "store/records.hpp"
#include "store/run_index_rows.hpp"
#include "store/task_index_rows.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

/// Which state the tables describe. Empty texts: none.
struct Known {
  std::string commit;
  std::string tree;
};

std::string state_value(Database& database, std::string_view key) {
  Statement statement = database.prepare("SELECT value FROM state WHERE key = ?");
  statement.bind(key);
  return statement.next() ? statement.text(0) : "";
}

Known read_known(Database& database) {
  return {state_value(database, "commit"), state_value(database, "tree")};
}

std::string hex_or_empty(const std::optional<git::ObjectId>& id) {
  return id ? id->hex() : "";
}

void write_known(Database& database, const Known& known) {
  for (const auto& [key, value] : {std::pair("commit", known.commit), std::pair("tree", known.tree)})
    database.prepare("INSERT OR REPLACE INTO state(key, value) VALUES(?, ?)").bind(key).bind(value).run();
}

void note_unreadable(Database& database, const DamagedRecords& damaged) {
  for (const Damaged& record : damaged) {
    database.prepare("INSERT OR REPLACE INTO unreadable(path, reason) VALUES(?, ?)")
        .bind(record.path)
        .bind(record.reason)
        .run();
  }
}

/// One damaged record must not take the others down: it is noted, and whoever asks for it is told. `read`
/// puts the row, and throws for a damaged record; the row of one that could not be put is removed.
template <typename Read, typename Remove>
void put_or_note(Database& database, const git::BlobChange& change, const std::optional<std::string>& id,
                 std::string_view kind, const Read& read, const Remove& remove) {
  database.prepare("DELETE FROM unreadable WHERE path = ?").bind(valid_utf8(change.path)).run();
  const bool is_gone = !change.after && !change.oddity;
  DamagedRecords damaged;
  if (!id && !is_gone) note_stray(change.path, kind, &damaged);
  const bool is_put = id && !is_gone && read_or_note(change.path, &damaged, read);
  if (id && !is_put) remove();
  note_unreadable(database, damaged);
}

void put_task(Database& database, TaskRows& rows, const Snapshot& snapshot, const git::BlobChange& change) {
  const auto id = task_id_of(change.path);
  put_or_note(
      database, change, id, "a task",
      [&] {
        const auto text = read_record(snapshot, change.path);
        const queue::Task task = parse_task(text.value_or(""), *id, change.path);
        rows.put(task, *text);
      },
      [&] { rows.remove(*id); });
}

/// Without a walk to the path where the difference has named the file.
std::string changed_text(const Snapshot& snapshot, const git::BlobChange& change) {
  std::string text = change.after ? snapshot.repository().read_blob(*change.after)
                                  : read_record(snapshot, change.path).value_or("");
  if (trim(text).empty()) throw Error(ErrorKind::Invalid, "it is empty");
  return text;
}

void put_run(Database& database, RunRows& rows, const Snapshot& snapshot, const git::BlobChange& change) {
  const auto id = run_id_of(change.path);
  put_or_note(
      database, change, id, "a run",
      [&] { rows.put(parse_run(changed_text(snapshot, change), *id, change.path), change.after.value()); },
      [&] { rows.remove(*id); });
}

void put_pull(Database& database, const Snapshot& snapshot, const git::BlobChange& change) {
  const auto number = pull_request_number_of(change.path);
  const auto id = number ? std::optional(std::to_string(*number)) : std::nullopt;
  put_or_note(
      database, change, id, "a pull request",
      [&] {
        put_pull_request(database, parse_pull_request(changed_text(snapshot, change), *number, change.path),
                         change.after.value());
      },
      [&] { remove_pull_request(database, *number); });
}

/// Adds all rows of a state to empty tables.
void fill(Database& database, const Snapshot& snapshot) {
  clear_tables(database);
  drop_secondary_indexes(database);
  TaskRows tasks(database);
  RunRows runs(database);
  const git::Repository& repository = snapshot.repository();
  repository.compare_trees(
      std::nullopt, snapshot.tree(), std::string(tasks_folder),
      [&](const git::BlobChange& change) { put_task(database, tasks, snapshot, change); });
  repository.compare_trees(std::nullopt, snapshot.tree(), std::string(runs_folder),
                           [&](const git::BlobChange& change) { put_run(database, runs, snapshot, change); });
  repository.compare_trees(std::nullopt, snapshot.tree(), std::string(pull_requests_folder),
                           [&](const git::BlobChange& change) { put_pull(database, snapshot, change); });
  create_secondary_indexes(database);
  tasks.finish();
  runs.finish_all();
}

std::vector<git::BlobChange> changes_below(const git::Repository& repository, const git::ObjectId& from,
                                           const std::optional<git::ObjectId>& to, std::string_view folder) {
  std::vector<git::BlobChange> changes;
  repository.compare_trees(from, to, std::string(folder),
                           [&](const git::BlobChange& change) { changes.push_back(change); });
  return changes;
}

/// Brings the tables from the state they describe to the snapshot's.
void catch_up(Database& database, const Known& known, const Snapshot& snapshot) {
  const git::Repository& repository = snapshot.repository();
  const auto from = known.tree.empty() ? std::nullopt : std::optional(git::ObjectId::from_hex(known.tree));
  if (!from || !repository.has_object(*from)) return fill(database, snapshot);
  std::vector<git::BlobChange> of_tasks;
  std::vector<git::BlobChange> of_runs;
  std::vector<git::BlobChange> of_pulls;
  try {
    of_tasks = changes_below(repository, *from, snapshot.tree(), tasks_folder);
    of_runs = changes_below(repository, *from, snapshot.tree(), runs_folder);
    of_pulls = changes_below(repository, *from, snapshot.tree(), pull_requests_folder);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Git) throw;
    // Parts of the old state have been collected as garbage.
    return fill(database, snapshot);
  }
  TaskRows tasks(database);
  for (const git::BlobChange& change : of_tasks) put_task(database, tasks, snapshot, change);
  tasks.finish();
  RunRows runs(database);
  for (const git::BlobChange& change : of_runs) put_run(database, runs, snapshot, change);
  runs.finish();
  for (const git::BlobChange& change : of_pulls) put_pull(database, snapshot, change);
}

}  // namespace

Snapshot RecordIndex::follow() {
  return with_database([&](Database& database) { return bring_forward(database); });
}

void RecordIndex::advance(const Store::Written& written, const std::function<void(Database&)>& change) {
  try {
    Database& database = file_.database();
    Transaction transaction(database);
    if (state_value(database, "commit") != written.before.hex()) return;
    change(database);
    write_known(database, {written.commit.hex(), store_.tree_of(written.commit).hex()});
    transaction.commit();
  } catch (const std::exception&) {
    // The state is written, which is what counts; only a shortcut was lost. The next follow() finds the
    // difference, or reports why the file cannot be used.
  }
}

void RecordIndex::rebuild() {
  file_.discard();
  follow();
}

Snapshot RecordIndex::bring_forward(Database& database) const {
  Snapshot snapshot = store_.snapshot();
  if (state_value(database, "commit") == hex_or_empty(snapshot.commit()) && snapshot.commit())
    return snapshot;
  Transaction transaction(database);
  // Read again now that nobody else moves the index: it only ever goes forward.
  snapshot = store_.snapshot();
  const Known known = read_known(database);
  const Known wanted{hex_or_empty(snapshot.commit()), hex_or_empty(snapshot.tree())};
  if (known.commit == wanted.commit && snapshot.commit()) return snapshot;
  if (known.tree != wanted.tree || wanted.tree.empty()) catch_up(database, known, snapshot);
  write_known(database, wanted);
  transaction.commit();
  return snapshot;
}

void RecordIndex::explain(const SqliteFailure& failure) const {
  if (failure.is_busy()) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("{} stays locked by another process", file_.path().string()),
                "end that process, or delete the file: it is built anew");
  }
  throw Error(ErrorKind::Io, fmt::format("{}: {}", file_.path().string(), failure.what()),
              "the file may be deleted at any time: it is built anew");
}

}  // namespace changeling::store
