#include "store/task_index.hpp"

#include <limits>

#include "store/record_index.hpp"
#include "store/task_index_query.hpp"
#include "store/task_index_rows.hpp"
#include "store/task_records.hpp"

namespace changeling::store {
namespace {

using queue::TaskStatus;

std::size_t task_count(Database& database) {
  Statement statement = database.prepare("SELECT coalesce(sum(tasks), 0) FROM counts");
  return statement.next() ? static_cast<std::size_t>(statement.integer(0)) : 0;
}

std::vector<std::string> texts(Statement statement, int column) {
  std::vector<std::string> list;
  while (statement.next()) list.push_back(statement.text(column));
  return list;
}

}  // namespace

TaskIndex::TaskIndex(const Store& store, std::filesystem::path file)
    : TaskIndex(std::make_shared<RecordIndex>(store, std::move(file))) {}
TaskIndex::TaskIndex(std::shared_ptr<RecordIndex> base) : base_(std::move(base)) {}

Snapshot TaskIndex::follow() {
  return base_->follow();
}

void TaskIndex::advance(const Store::Written& written, const std::vector<WrittenTask>& tasks) {
  base_->advance(written, [&](Database& database) {
    const bool mostly_new = tasks.size() > 1000 && tasks.size() > task_count(database);
    if (mostly_new) drop_secondary_indexes(database, IndexedKind::Tasks);
    TaskRows rows(database);
    for (const WrittenTask& task : tasks) {
      if (task.task != nullptr) {
        rows.put(*task.task, *task.text);
      } else {
        rows.remove(task.id);
      }
    }
    if (mostly_new) create_secondary_indexes(database, IndexedKind::Tasks);
    rows.finish(Tables::Filled);
  });
}

void TaskIndex::rebuild() {
  base_->rebuild();
}

std::vector<std::string> TaskIndex::claimable(const queue::ClaimFilter& filter, Timestamp now,
                                              std::size_t limit) {
  return base_->with_database([&](Database& database) {
    const Sql sql = claimable_rows(database, filter, now, limit);
    return texts(sql.prepare(database), 1);
  });
}

std::vector<std::string> TaskIndex::find(const TaskQuery& query) {
  return base_->with_database([&](Database& database) {
    const Sql sql = found_rows(database, query);
    return texts(sql.prepare(database), 1);
  });
}

std::vector<std::string> TaskIndex::records(const TaskQuery& query) {
  return base_->with_database([&](Database& database) {
    Sql sql{"SELECT text FROM (", {}};
    sql.append(found_rows(database, query));
    sql.text += ") AS listed JOIN records USING(number) ORDER BY priority DESC, created_at, id";
    return texts(sql.prepare(database), 0);
  });
}

std::size_t TaskIndex::count(const TaskQuery& query) {
  return base_->with_database([&](Database& database) {
    const Sql sql = counted_rows(database, query);
    Statement statement = sql.prepare(database);
    return statement.next() ? static_cast<std::size_t>(statement.integer(0)) : 0;
  });
}

std::vector<std::pair<TaskStatus, std::size_t>> TaskIndex::counts() {
  return base_->with_database([&](Database& database) {
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
  return base_->with_database([&](Database& database) {
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
  return base_->with_database([&](Database& database) {
    Statement statement =
        database.prepare("SELECT id FROM blockers JOIN tasks ON number = task WHERE blocker = ? ORDER BY id");
    statement.bind(id);
    std::vector<std::string> ids;
    while (statement.next()) ids.push_back(statement.text(0));
    return ids;
  });
}

std::vector<std::string> TaskIndex::children_of(const std::string& id) {
  return base_->with_database([&](Database& database) {
    Statement statement =
        database.prepare("SELECT id FROM tasks WHERE parent = ? AND parent != '' ORDER BY created_at, id");
    statement.bind(id);
    return texts(std::move(statement), 0);
  });
}

std::vector<std::string> TaskIndex::discovered_from_this(const std::string& id) {
  return base_->with_database([&](Database& database) {
    Statement statement = database.prepare(
        "SELECT id FROM tasks WHERE discovered_from = ? AND discovered_from != '' ORDER BY id");
    statement.bind(id);
    return texts(std::move(statement), 0);
  });
}

std::vector<std::string> TaskIndex::gated() {
  return base_->with_database([&](Database& database) {
    Statement statement = database.prepare(
        "SELECT id FROM tasks WHERE opens_at > 0 AND opens_at = ? AND status != ? ORDER BY id");
    statement.bind(std::numeric_limits<std::int64_t>::max())
        .bind(static_cast<std::int64_t>(TaskStatus::Done));
    return texts(std::move(statement), 0);
  });
}

std::vector<std::string> TaskIndex::open_among(const std::vector<std::string>& ids) {
  return base_->with_database([&](Database& database) {
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
  return base_->with_database([&](Database& database) {
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
  return base_->with_database([&](Database& database) { return unreadable_below(database, tasks_folder); });
}

}  // namespace changeling::store
