#include "store/task_index.hpp"

#include <fmt/format.h>

#include <limits>

#include "store/task_index_file.hpp"
#include "store/task_index_query.hpp"
#include "store/task_index_rows.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

using queue::TaskStatus;

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

std::size_t task_count(Database& database) {
  Statement statement = database.prepare("SELECT coalesce(sum(tasks), 0) FROM counts");
  return statement.next() ? static_cast<std::size_t>(statement.integer(0)) : 0;
}

void note_unreadable(Database& database, const DamagedRecords& damaged) {
  for (const Damaged& record : damaged) {
    database.prepare("INSERT OR REPLACE INTO unreadable(path, reason) VALUES(?, ?)")
        .bind(record.path)
        .bind(record.reason)
        .run();
  }
}

/// One damaged record must not take the whole queue down: it is noted, and whoever asks for it is told.
void put_file(Database& database, TaskRows& rows, const Snapshot& snapshot, const git::BlobChange& change) {
  database.prepare("DELETE FROM unreadable WHERE path = ?").bind(valid_utf8(change.path)).run();
  const auto id = task_id_of(change.path);
  const bool is_gone = !change.after && !change.oddity;
  DamagedRecords damaged;
  if (!id && !is_gone) note_stray(change.path, "a task", &damaged);
  bool is_put = false;
  if (id && !is_gone) {
    read_or_note(change.path, &damaged, [&] {
      const auto text = read_record(snapshot, change.path);
      const queue::Task task = parse_task(text.value_or(""), *id, change.path);
      rows.put(task, *text);
      is_put = true;
    });
  }
  if (id && !is_put) rows.remove(*id);
  note_unreadable(database, damaged);
}

/// Adds all rows of a state to empty tables.
void fill(Database& database, const Snapshot& snapshot) {
  clear_tables(database);
  drop_secondary_indexes(database);
  TaskRows rows(database);
  snapshot.repository().compare_trees(
      std::nullopt, snapshot.tree(), std::string(tasks_folder),
      [&](const git::BlobChange& change) { put_file(database, rows, snapshot, change); });
  create_secondary_indexes(database);
  rows.finish();
}

/// Brings the tables from the state they describe to the snapshot's.
void catch_up(Database& database, const Known& known, const Snapshot& snapshot) {
  const git::Repository& repository = snapshot.repository();
  const auto from = known.tree.empty() ? std::nullopt : std::optional(git::ObjectId::from_hex(known.tree));
  if (!from || !repository.has_object(*from)) return fill(database, snapshot);
  std::vector<git::BlobChange> changes;
  try {
    repository.compare_trees(from, snapshot.tree(), std::string(tasks_folder),
                             [&](const git::BlobChange& change) { changes.push_back(change); });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Git) throw;
    // Parts of the old state have been collected as garbage.
    return fill(database, snapshot);
  }
  TaskRows rows(database);
  for (const git::BlobChange& change : changes) put_file(database, rows, snapshot, change);
  rows.finish();
}

std::vector<std::string> texts(Statement statement, int column) {
  std::vector<std::string> list;
  while (statement.next()) list.push_back(statement.text(column));
  return list;
}

}  // namespace

struct TaskIndex::State {
  State(const Store& followed, std::filesystem::path path) : store(followed), file(std::move(path)) {}

  /// Runs `use` on the database. A damaged file is replaced and filled, and `use` runs once more.
  template <typename Use>
  auto with_database(const Use& use) {
    try {
      return use(file.database());
    } catch (const SqliteFailure& failure) {
      if (!failure.is_damage()) explain(failure);
    }
    try {
      file.discard();
      bring_forward(file.database());
      return use(file.database());
    } catch (const SqliteFailure& failure) {
      explain(failure);
    }
  }

  Snapshot bring_forward(Database& database) const {
    Snapshot snapshot = store.snapshot();
    if (state_value(database, "commit") == hex_or_empty(snapshot.commit()) && snapshot.commit())
      return snapshot;
    Transaction transaction(database);
    // Read again now that nobody else moves the index: it only ever goes forward.
    snapshot = store.snapshot();
    const Known known = read_known(database);
    const Known wanted{hex_or_empty(snapshot.commit()), hex_or_empty(snapshot.tree())};
    if (known.commit == wanted.commit && snapshot.commit()) return snapshot;
    if (known.tree != wanted.tree || wanted.tree.empty()) catch_up(database, known, snapshot);
    write_known(database, wanted);
    transaction.commit();
    return snapshot;
  }

  [[noreturn]] void explain(const SqliteFailure& failure) const {
    if (failure.is_busy()) {
      throw Error(ErrorKind::Unavailable,
                  fmt::format("{} stays locked by another process", file.path().string()),
                  "end that process, or delete the file: it is built anew");
    }
    throw Error(ErrorKind::Io, fmt::format("{}: {}", file.path().string(), failure.what()),
                "the file may be deleted at any time: it is built anew");
  }

  const Store& store;
  TaskIndexFile file;
};

TaskIndex::TaskIndex(const Store& store, std::filesystem::path file)
    : state_(std::make_unique<State>(store, std::move(file))) {}
TaskIndex::TaskIndex(TaskIndex&&) noexcept = default;
TaskIndex::~TaskIndex() = default;

Snapshot TaskIndex::follow() {
  return state_->with_database([&](Database& database) { return state_->bring_forward(database); });
}

void TaskIndex::advance(const Store::Written& written, const std::vector<WrittenTask>& tasks) {
  try {
    Database& database = state_->file.database();
    Transaction transaction(database);
    if (state_value(database, "commit") != written.before.hex()) return;
    const bool mostly_new = tasks.size() > 1000 && tasks.size() > task_count(database);
    if (mostly_new) drop_secondary_indexes(database);
    TaskRows rows(database);
    for (const WrittenTask& task : tasks) {
      if (task.task != nullptr) {
        rows.put(*task.task, *task.text);
      } else {
        rows.remove(task.id);
      }
    }
    if (mostly_new) create_secondary_indexes(database);
    rows.finish();
    write_known(database, {written.commit.hex(), state_->store.tree_of(written.commit).hex()});
    transaction.commit();
  } catch (const std::exception&) {
    // The state is written, which is what counts; only a shortcut was lost. The next follow() finds the
    // difference, or reports why the file cannot be used.
  }
}

void TaskIndex::rebuild() {
  state_->file.discard();
  follow();
}

std::vector<std::string> TaskIndex::claimable(const queue::ClaimFilter& filter, Timestamp now,
                                              std::size_t limit) {
  return state_->with_database([&](Database& database) {
    const Sql sql = claimable_rows(database, filter, now, limit);
    return texts(sql.prepare(database), 1);
  });
}

std::vector<std::string> TaskIndex::find(const TaskQuery& query) {
  return state_->with_database([&](Database& database) {
    const Sql sql = found_rows(database, query);
    return texts(sql.prepare(database), 1);
  });
}

std::vector<std::string> TaskIndex::records(const TaskQuery& query) {
  return state_->with_database([&](Database& database) {
    Sql sql{"SELECT text FROM (", {}};
    sql.append(found_rows(database, query));
    sql.text += ") AS listed JOIN records USING(number) ORDER BY priority DESC, created_at, id";
    return texts(sql.prepare(database), 0);
  });
}

std::size_t TaskIndex::count(const TaskQuery& query) {
  return state_->with_database([&](Database& database) {
    const Sql sql = counted_rows(database, query);
    Statement statement = sql.prepare(database);
    return statement.next() ? static_cast<std::size_t>(statement.integer(0)) : 0;
  });
}

std::vector<std::pair<TaskStatus, std::size_t>> TaskIndex::counts() {
  return state_->with_database([&](Database& database) {
    std::vector<std::pair<TaskStatus, std::size_t>> list;
    for (int status = 0; status <= static_cast<int>(TaskStatus::Blocked); ++status)
      list.emplace_back(static_cast<TaskStatus>(status), 0);
    Statement statement = database.prepare("SELECT status, tasks FROM counts");
    while (statement.next())
      list.at(static_cast<std::size_t>(statement.integer(0))).second =
          static_cast<std::size_t>(statement.integer(1));
    return list;
  });
}

std::vector<std::string> TaskIndex::with_prefix(const std::string& prefix, std::size_t limit) {
  return state_->with_database([&](Database& database) {
    Statement statement =
        database.prepare("SELECT id FROM tasks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?");
    const std::string end = prefix + "\x7f";  // After everything an id can contain.
    statement.bind(prefix).bind(end).bind(static_cast<std::int64_t>(limit));
    std::vector<std::string> ids;
    while (statement.next()) ids.push_back(statement.text(0));
    return ids;
  });
}

std::vector<std::string> TaskIndex::blocked_by_this(const std::string& id) {
  return state_->with_database([&](Database& database) {
    Statement statement =
        database.prepare("SELECT id FROM blockers JOIN tasks ON number = task WHERE blocker = ? ORDER BY id");
    statement.bind(id);
    std::vector<std::string> ids;
    while (statement.next()) ids.push_back(statement.text(0));
    return ids;
  });
}

std::vector<std::string> TaskIndex::children_of(const std::string& id) {
  return state_->with_database([&](Database& database) {
    Statement statement =
        database.prepare("SELECT id FROM tasks WHERE parent = ? AND parent != '' ORDER BY created_at, id");
    statement.bind(id);
    return texts(std::move(statement), 0);
  });
}

std::vector<std::string> TaskIndex::discovered_from_this(const std::string& id) {
  return state_->with_database([&](Database& database) {
    Statement statement = database.prepare(
        "SELECT id FROM tasks WHERE discovered_from = ? AND discovered_from != '' ORDER BY id");
    statement.bind(id);
    return texts(std::move(statement), 0);
  });
}

std::vector<std::string> TaskIndex::gated() {
  return state_->with_database([&](Database& database) {
    Statement statement = database.prepare(
        "SELECT id FROM tasks WHERE opens_at > 0 AND opens_at = ? AND status != ? ORDER BY id");
    statement.bind(std::numeric_limits<std::int64_t>::max())
        .bind(static_cast<std::int64_t>(TaskStatus::Done));
    return texts(std::move(statement), 0);
  });
}

std::vector<std::string> TaskIndex::open_among(const std::vector<std::string>& ids) {
  return state_->with_database([&](Database& database) {
    std::vector<std::string> open;
    for (const std::string& id : ids) {
      Statement statement = database.prepare("SELECT 1 FROM tasks WHERE id = ? AND status = ?");
      statement.bind(id).bind(static_cast<std::int64_t>(TaskStatus::Done));
      if (!statement.next()) open.push_back(id);
    }
    return open;
  });
}

std::vector<std::string> TaskIndex::known_among(const std::vector<std::string>& ids) {
  return state_->with_database([&](Database& database) {
    std::vector<std::string> known;
    for (const std::string& id : ids) {
      Statement statement = database.prepare("SELECT 1 FROM tasks WHERE id = ?");
      statement.bind(id);
      if (statement.next()) known.push_back(id);
    }
    return known;
  });
}

DamagedRecords TaskIndex::unreadable() {
  return state_->with_database([&](Database& database) {
    DamagedRecords damaged;
    Statement statement = database.prepare("SELECT path, reason FROM unreadable ORDER BY path");
    while (statement.next()) damaged.push_back({statement.text(0), statement.text(1)});
    return damaged;
  });
}

}  // namespace changeling::store
