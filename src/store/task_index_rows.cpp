#include "store/task_index_rows.hpp"

#include <limits>

#include "queue/rules.hpp"
#include "queue/task_json.hpp"
#include "store/damaged.hpp"
#include "store/task_records.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

constexpr auto done = static_cast<std::int64_t>(queue::TaskStatus::Done);

/// FNV-1a. Tells whether what lies in several rows or in the word index has changed.
class ContentHash {
 public:
  void add(std::string_view text) {
    for (const char letter : text) add_byte(static_cast<unsigned char>(letter));
    add_byte(0);
  }
  void add(const std::vector<std::string>& list) {
    for (const std::string& text : list) add(text);
    add_byte(1);
  }
  std::int64_t value() const { return static_cast<std::int64_t>(hash_); }

 private:
  void add_byte(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001B3ULL; }
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
};

std::int64_t content_hash(const queue::Task& task) {
  ContentHash hash;
  hash.add(task.title);
  hash.add(task.description);
  hash.add(task.labels);
  hash.add(task.blocked_by);
  return hash.value();
}

std::int64_t milliseconds(Timestamp time) {
  return time.time_since_epoch().count();
}

/// When the gates let the task be claimed: 0 without any, the largest number while a person or a check
/// decides.
std::int64_t opening_of(const queue::Task& task) {
  const auto time = queue::gates_open_at(task);
  return time ? milliseconds(*time) : std::numeric_limits<std::int64_t>::max();
}

/// The columns that `insert` and `update` share, in their order.
void bind_columns(Statement& statement, const queue::Task& task, std::int64_t hash) {
  statement.bind(static_cast<std::int64_t>(task.status))
      .bind(static_cast<std::int64_t>(task.priority))
      .bind(milliseconds(task.created_at))
      .bind(task.role)
      .bind(task.assignee_agent);
  if (task.lease) {
    statement.bind(milliseconds(task.lease->expires_at));
  } else if (task.status == queue::TaskStatus::InFlight) {
    statement.bind(std::int64_t{0});  // Nobody holds it, so anybody may take it over.
  } else {
    statement.bind_null();
  }
  statement.bind(hash).bind(opening_of(task)).bind(task.parent).bind(task.discovered_from);
}

}  // namespace

TaskRows::TaskRows(Database& database) : database_(database) {}

void TaskRows::read(const Snapshot& snapshot, const git::BlobChange& change, const std::string& id) {
  const std::string text = read_record(snapshot, change.path).value_or("");
  put(parse_task(text, id, change.path), text);
}

void TaskRows::put(const queue::Task& task, std::string_view text) {
  const std::int64_t hash = content_hash(task);
  const auto status = static_cast<std::int64_t>(task.status);
  if (const auto row = find(task.id)) {
    update(*row, task, text, hash);
    note_status(task.id, row->status, status);
    return;
  }
  const std::int64_t number = insert(task, text, hash);
  add_content(number, task);
  note_status(task.id, std::nullopt, status);
}

void TaskRows::remove(const std::string& id) {
  const auto row = find(id);
  if (!row) return;
  remove_content(row->number);
  database_.prepare("DELETE FROM records WHERE number = ?").bind(row->number).run();
  database_.prepare("DELETE FROM tasks WHERE number = ?").bind(row->number).run();
  recount_.erase(row->number);
  note_status(id, row->status, std::nullopt);
}

void TaskRows::finish(Tables) {
  for (const std::string& id : done_changed_) {
    Statement dependents = database_.prepare("SELECT task FROM blockers WHERE blocker = ?");
    dependents.bind(id);
    while (dependents.next()) recount_.insert(dependents.integer(0));
  }
  for (const std::int64_t number : recount_) {
    database_
        .prepare(
            "UPDATE tasks SET open_blockers = (SELECT count(*) FROM blockers WHERE task = ?1 AND NOT EXISTS "
            "(SELECT 1 FROM tasks AS other WHERE other.id = blocker AND other.status = ?2)) WHERE number = "
            "?1")
        .bind(number)
        .bind(done)
        .run();
  }
  for (std::size_t status = 0; status < count_changes_.size(); ++status) {
    if (count_changes_[status] == 0) continue;
    database_
        .prepare(
            "INSERT INTO counts(status, tasks) VALUES(?1, ?2) "
            "ON CONFLICT(status) DO UPDATE SET tasks = tasks + ?2")
        .bind(static_cast<std::int64_t>(status))
        .bind(count_changes_[status])
        .run();
  }
  done_changed_.clear();
  recount_.clear();
  count_changes_.fill(0);
}

std::optional<TaskRows::Row> TaskRows::find(std::string_view id) {
  Statement statement = database_.prepare("SELECT number, status, content_hash FROM tasks WHERE id = ?");
  statement.bind(id);
  if (!statement.next()) return std::nullopt;
  return Row{statement.integer(0), statement.integer(1), statement.integer(2)};
}

std::int64_t TaskRows::insert(const queue::Task& task, std::string_view text, std::int64_t hash) {
  {
    Statement statement = database_.prepare(
        "INSERT INTO tasks(id, status, priority, created_at, role, assignee, lease_expires, content_hash, "
        "opens_at, parent, discovered_from, open_blockers) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)");
    statement.bind(task.id);
    bind_columns(statement, task, hash);
    statement.run();
  }
  const std::int64_t number = database_.last_row();
  database_.prepare("INSERT INTO records(number, text) VALUES(?, ?)").bind(number).bind(text).run();
  return number;
}

void TaskRows::update(const Row& row, const queue::Task& task, std::string_view text, std::int64_t hash) {
  if (hash != row.content_hash) remove_content(row.number);
  {
    Statement statement = database_.prepare(
        "UPDATE tasks SET status = ?, priority = ?, created_at = ?, role = ?, assignee = ?, lease_expires = "
        "?, "
        "content_hash = ?, opens_at = ?, parent = ?, discovered_from = ? WHERE number = ?");
    bind_columns(statement, task, hash);
    statement.bind(row.number).run();
  }
  database_.prepare("UPDATE records SET text = ? WHERE number = ?").bind(text).bind(row.number).run();
  if (hash != row.content_hash) {
    add_content(row.number, task);
    recount_.insert(row.number);
  }
}

void TaskRows::add_content(std::int64_t number, const queue::Task& task) {
  for (const std::string& label : task.labels)
    database_.prepare("INSERT OR IGNORE INTO labels(label, task) VALUES(?, ?)")
        .bind(label)
        .bind(number)
        .run();
  for (const std::string& blocker : task.blocked_by)
    database_.prepare("INSERT OR IGNORE INTO blockers(blocker, task) VALUES(?, ?)")
        .bind(blocker)
        .bind(number)
        .run();
  if (!task.blocked_by.empty()) recount_.insert(number);
  database_.prepare("INSERT INTO words(rowid, title, description) VALUES(?, ?, ?)")
      .bind(number)
      .bind(task.title)
      .bind(task.description)
      .run();
}

void TaskRows::remove_content(std::int64_t number) {
  database_.prepare("DELETE FROM labels WHERE task = ?").bind(number).run();
  database_.prepare("DELETE FROM blockers WHERE task = ?").bind(number).run();
  // The word index keeps no text of its own; what is to be removed must be told exactly as it was added.
  Statement record = database_.prepare("SELECT text FROM records WHERE number = ?");
  record.bind(number);
  if (!record.next()) return;
  const queue::Task task = queue::task_from_json(parse_json(record.text(0), "index"), "index");
  database_.prepare("INSERT INTO words(words, rowid, title, description) VALUES('delete', ?, ?, ?)")
      .bind(number)
      .bind(task.title)
      .bind(task.description)
      .run();
}

void TaskRows::note_status(std::string_view id, std::optional<std::int64_t> before,
                           std::optional<std::int64_t> after) {
  if (before) --count_changes_.at(static_cast<std::size_t>(*before));
  if (after) ++count_changes_.at(static_cast<std::size_t>(*after));
  if ((before == done) != (after == done)) done_changed_.emplace(id);
}

}  // namespace changeling::store
