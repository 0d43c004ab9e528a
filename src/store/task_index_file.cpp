#include "store/task_index_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::store {
namespace {

/// Changes with every change of the tables or of what their columns mean.
constexpr std::int64_t schema_version = 4;
/// Marks the file as ours: "chgl".
constexpr std::int64_t application_id = 0x6368676C;

constexpr auto patience = std::chrono::seconds(30);

constexpr std::string_view tables = R"(
CREATE TABLE state(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE tasks(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  status INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  role TEXT NOT NULL,
  assignee TEXT NOT NULL,
  lease_expires INTEGER,
  open_blockers INTEGER NOT NULL,
  opens_at INTEGER NOT NULL,
  parent TEXT NOT NULL,
  discovered_from TEXT NOT NULL,
  content_hash INTEGER NOT NULL);
CREATE TABLE records(number INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE counts(status INTEGER PRIMARY KEY, tasks INTEGER NOT NULL);
CREATE TABLE labels(label TEXT NOT NULL, task INTEGER NOT NULL, PRIMARY KEY(label, task)) WITHOUT ROWID;
CREATE TABLE blockers(blocker TEXT NOT NULL, task INTEGER NOT NULL, PRIMARY KEY(blocker, task)) WITHOUT ROWID;
CREATE TABLE unreadable(path TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(title, description, content='', columnsize=0);
CREATE INDEX labels_of_task ON labels(task);
CREATE INDEX blockers_of_task ON blockers(task);
)";

struct SecondaryIndex {
  std::string_view name;
  std::string_view definition;
};

/// Statuses by number: 2 is ready, 3 is in flight; task_index_query.cpp writes them the same way.
const std::vector<SecondaryIndex> secondary_indexes{
    {"claim_any", "tasks(priority DESC, created_at, id) WHERE status = 2 AND open_blockers = 0"},
    {"claim_role", "tasks(role, priority DESC, created_at, id) WHERE status = 2 AND open_blockers = 0"},
    {"leases", "tasks(lease_expires) WHERE status = 3"},
    {"children", "tasks(parent) WHERE parent != ''"},
    {"discovered", "tasks(discovered_from) WHERE discovered_from != ''"},
    {"gated", "tasks(opens_at) WHERE opens_at > 0"},
    {"by_status", "tasks(status, priority DESC, created_at, id)"},
};

std::int64_t pragma(Database& database, const std::string& name) {
  Statement statement = database.prepare("PRAGMA " + name);
  return statement.next() ? statement.integer(0) : 0;
}

std::uint64_t inode_of(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

/// An empty file with the rights that the folder gives to files in it (see files.hpp), before SQLite makes
/// one with those of the umask; it gives them to the files beside it.
void give_folders_rights(const std::filesystem::path& path) {
  try {
    static_cast<void>(FileLock::acquire(path, std::chrono::milliseconds(0)));
  } catch (const Error&) {
    // SQLite says it better.
  }
}

}  // namespace

bool TaskIndexFile::is_writable() const {
  try {
    create_private_directories(path_.parent_path());
  } catch (const Error&) {
    return false;
  }
  const bool file_is = ::access(path_.c_str(), F_OK) != 0 || ::access(path_.c_str(), W_OK) == 0;
  return file_is && ::access(path_.parent_path().c_str(), W_OK) == 0;
}

Database& TaskIndexFile::in_memory() {
  is_in_memory_ = true;
  database_.emplace(":memory:", patience);
  has_right_tables(*database_);
  return *database_;
}

Database& TaskIndexFile::database() {
  if (database_ && (is_in_memory_ || !database_->has_moved())) return *database_;
  database_.reset();
  if (!is_writable()) return in_memory();
  constexpr int tries = 3;
  for (int attempt = 1;; ++attempt) {
    try {
      // Looked at before opening: if the file is replaced in between, discard() leaves the new one alone.
      inode_ = inode_of(path_);
      if (inode_ == 0) give_folders_rights(path_);
      database_.emplace(path_, patience);
      if (inode_ == 0) inode_ = inode_of(path_);
      database_->run("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000");
      database_->run("PRAGMA journal_mode = WAL");
      if (has_right_tables(*database_)) return *database_;
    } catch (const SqliteFailure& failure) {
      if (!failure.is_damage() || attempt == tries) throw;
    }
    if (attempt == tries)
      throw Error(ErrorKind::Io, fmt::format("{} cannot be replaced by a new index", path_.string()));
    discard();
  }
}

void TaskIndexFile::discard() {
  database_.reset();
  if (is_in_memory_) return;
  const auto lock = FileLock::acquire(path_.string() + ".lock", patience);
  if (!lock || inode_of(path_) != inode_) return;
  // The file itself goes last: whoever opens it meanwhile finds it wanting and waits for the lock.
  for (const char* suffix : {"-wal", "-shm", ""}) ::unlink((path_.string() + suffix).c_str());
}

bool TaskIndexFile::has_right_tables(Database& database) {
  const auto is_right = [&] {
    return pragma(database, "application_id") == application_id &&
           pragma(database, "user_version") == schema_version;
  };
  if (is_right()) return true;
  if (pragma(database, "schema_version") != 0) return false;
  Transaction transaction(database);
  if (is_right()) return true;
  if (pragma(database, "schema_version") != 0) return false;
  database.run(std::string(tables));
  create_secondary_indexes(database);
  database.run(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, schema_version));
  transaction.commit();
  return true;
}

void drop_secondary_indexes(Database& database) {
  for (const auto& index : secondary_indexes)
    database.run(fmt::format("DROP INDEX IF EXISTS {}", index.name));
}

void create_secondary_indexes(Database& database) {
  for (const auto& index : secondary_indexes)
    database.run(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}", index.name, index.definition));
}

void clear_tables(Database& database) {
  for (const char* table : {"state", "tasks", "records", "counts", "labels", "blockers", "unreadable"})
    database.run(fmt::format("DELETE FROM {}", table));
  database.run("INSERT INTO words(words) VALUES('delete-all')");
}

}  // namespace changeling::store
