#include "store/index_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::store {
namespace {

/// Changes with every change of the tables or of what their columns mean.
constexpr std::int64_t schema_version = 6;
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
CREATE TABLE runs(
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  changeling TEXT NOT NULL,
  task TEXT NOT NULL,
  is_own INTEGER NOT NULL,
  trigger TEXT NOT NULL,
  status INTEGER NOT NULL,
  outcome INTEGER,
  has_failed INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  duration INTEGER,
  expires_at INTEGER NOT NULL,
  scheduled_for INTEGER,
  cost REAL,
  counted REAL NOT NULL,
  target TEXT NOT NULL,
  pull_request INTEGER,
  request_is_open INTEGER NOT NULL,
  branch TEXT NOT NULL,
  patch_id TEXT NOT NULL,
  blob TEXT NOT NULL);
CREATE TABLE run_spending(period INTEGER PRIMARY KEY, told REAL NOT NULL, counted REAL NOT NULL);
CREATE VIRTUAL TABLE run_words USING fts5(summary, error, columnsize=0);
CREATE TABLE pulls(
  number INTEGER PRIMARY KEY,
  state INTEGER NOT NULL,
  changeling TEXT NOT NULL,
  branch TEXT NOT NULL,
  head TEXT NOT NULL,
  patch_id TEXT NOT NULL,
  blob TEXT NOT NULL);
CREATE INDEX labels_of_task ON labels(task);
CREATE INDEX blockers_of_task ON blockers(task);
)";

struct SecondaryIndex {
  IndexedKind kind;
  std::string_view name;
  std::string_view definition;
};

/// Statuses by number: of tasks 2 is ready, 3 is in flight; of runs 0 is running; of pull requests 0 is open,
/// 2 is closed. Queries write them the same way.
const std::vector<SecondaryIndex> secondary_indexes{
    {IndexedKind::Tasks, "claim_any",
     "tasks(priority DESC, created_at, id) WHERE status = 2 AND open_blockers = 0"},
    {IndexedKind::Tasks, "claim_role",
     "tasks(role, priority DESC, created_at, id) WHERE status = 2 AND open_blockers = 0"},
    {IndexedKind::Tasks, "leases", "tasks(lease_expires) WHERE status = 3"},
    {IndexedKind::Tasks, "children", "tasks(parent) WHERE parent != ''"},
    {IndexedKind::Tasks, "discovered", "tasks(discovered_from) WHERE discovered_from != ''"},
    {IndexedKind::Tasks, "gated", "tasks(opens_at) WHERE opens_at > 0"},
    {IndexedKind::Tasks, "by_status", "tasks(status, priority DESC, created_at, id)"},
    {IndexedKind::Runs, "runs_by_time", "runs(started_at DESC, id DESC, changeling, cost, counted)"},
    {IndexedKind::Runs, "runs_by_changeling", "runs(changeling, started_at DESC, id DESC)"},
    {IndexedKind::Runs, "runs_by_outcome", "runs(outcome, started_at DESC, id DESC)"},
    {IndexedKind::Runs, "failed_runs", "runs(started_at DESC, id DESC, changeling) WHERE has_failed = 1"},
    {IndexedKind::Runs, "open_runs", "runs(expires_at) WHERE status = 0"},
    {IndexedKind::Runs, "own_finished",
     "runs(changeling, started_at DESC, id DESC, verdict) WHERE is_own = 1 AND status = 1"},
    {IndexedKind::Runs, "own_open", "runs(changeling) WHERE is_own = 1 AND status = 0"},
    {IndexedKind::Runs, "own_ends",
     "runs(changeling, ended_at) WHERE is_own = 1 AND status = 1 AND ended_at IS NOT NULL"},
    {IndexedKind::Runs, "own_times",
     "runs(changeling, scheduled_for) WHERE is_own = 1 AND scheduled_for IS NOT NULL"},
    {IndexedKind::Runs, "run_costs",
     "runs(changeling, started_at DESC, id DESC, cost) WHERE cost IS NOT NULL"},
    {IndexedKind::Runs, "run_requests", "runs(pull_request) WHERE pull_request IS NOT NULL"},
    {IndexedKind::Runs, "open_requests",
     "runs(changeling, started_at DESC, id DESC) WHERE request_is_open = 1"},
    {IndexedKind::Runs, "run_tasks", "runs(task) WHERE task != ''"},
    {IndexedKind::Runs, "run_branches", "runs(branch) WHERE branch != ''"},
    {IndexedKind::Runs, "run_patches", "runs(patch_id) WHERE patch_id != '' AND pull_request IS NOT NULL"},
    {IndexedKind::Runs, "own_targets", "runs(changeling, target) WHERE is_own = 1 AND target != ''"},
    {IndexedKind::Runs, "own_target_ends",
     "runs(changeling, coalesce(ended_at, started_at)) WHERE is_own = 1 AND target != ''"},
    {IndexedKind::PullRequests, "open_pulls", "pulls(changeling, number) WHERE state = 0"},
    {IndexedKind::PullRequests, "open_pull_numbers", "pulls(number) WHERE state = 0"},
    {IndexedKind::PullRequests, "open_pull_branches", "pulls(branch) WHERE state = 0"},
    {IndexedKind::PullRequests, "open_pull_heads", "pulls(head) WHERE state = 0"},
    {IndexedKind::PullRequests, "ended_pulls", "pulls(number) WHERE state != 0"},
    {IndexedKind::PullRequests, "rejected_patches",
     "pulls(changeling, patch_id) WHERE state = 2 AND patch_id != ''"},
};

std::int64_t pragma(Database& database, const std::string& name) {
  Statement statement = database.prepare("PRAGMA " + name);
  return statement.next() ? statement.integer(0) : 0;
}

std::uint64_t inode_of(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

/// A pipe or a folder cannot be written as a database, and opening a pipe may wait for ever.
bool is_file(const std::filesystem::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
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

bool IndexFile::is_writable() const {
  try {
    create_private_directories(path_.parent_path());
  } catch (const Error&) {
    return false;
  }
  const bool file_is =
      ::access(path_.c_str(), F_OK) != 0 || (is_file(path_) && ::access(path_.c_str(), W_OK) == 0);
  return file_is && ::access(path_.parent_path().c_str(), W_OK) == 0;
}

void IndexFile::use_memory() {
  is_in_memory_ = true;
  database_.emplace(":memory:", patience);
  database_->run("PRAGMA temp_store = MEMORY");
  has_right_tables(*database_);
}

Database& IndexFile::database() {
  if (database_ && (is_in_memory_ || !database_->has_moved())) return *database_;
  database_.reset();
  is_in_memory_ = false;
  if (!is_writable()) {
    use_memory();
    return *database_;
  }
  constexpr int tries = 3;
  for (int attempt = 1;; ++attempt) {
    try {
      // Looked at before opening: if the file is replaced in between, discard() leaves the new one alone.
      inode_ = inode_of(path_);
      if (inode_ == 0) give_folders_rights(path_);
      database_.emplace(path_, patience);
      if (inode_ == 0) inode_ = inode_of(path_);
      database_->run("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4000");
      database_->use_write_ahead_log();
      if (has_right_tables(*database_)) return *database_;
    } catch (const SqliteFailure& failure) {
      if (!failure.is_damage() || attempt == tries) throw;
    }
    if (attempt == tries)
      throw Error(ErrorKind::Io, fmt::format("{} cannot be replaced by a new index", path_.string()));
    discard();
  }
}

void IndexFile::discard() {
  database_.reset();
  if (is_in_memory_) return;
  const auto lock = FileLock::acquire(path_.string() + ".lock", patience);
  if (!lock || inode_of(path_) != inode_) return;
  // The file itself goes last: whoever opens it meanwhile finds it wanting and waits for the lock.
  for (const char* suffix : {"-wal", "-shm", ""}) ::unlink((path_.string() + suffix).c_str());
}

bool IndexFile::has_right_tables(Database& database) {
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

void drop_secondary_indexes(Database& database, std::optional<IndexedKind> only) {
  for (const auto& index : secondary_indexes) {
    if (!only || index.kind == *only) database.run(fmt::format("DROP INDEX IF EXISTS {}", index.name));
  }
}

void create_secondary_indexes(Database& database, std::optional<IndexedKind> only) {
  for (const auto& index : secondary_indexes) {
    if (!only || index.kind == *only)
      database.run(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {}", index.name, index.definition));
  }
}

void clear_tables(Database& database) {
  for (const char* table : {"state", "tasks", "records", "counts", "labels", "blockers", "unreadable", "runs",
                            "run_words", "run_spending", "pulls"})
    database.run(fmt::format("DELETE FROM {}", table));
  database.run("INSERT INTO words(words) VALUES('delete-all')");
}

DamagedRecords unreadable_below(Database& database, std::string_view folder) {
  DamagedRecords damaged;
  Statement statement =
      database.prepare("SELECT path, reason FROM unreadable WHERE path >= ? AND path < ? ORDER BY path");
  // '0' follows '/'.
  const std::string begin = fmt::format("{}/", folder);
  const std::string end = fmt::format("{}0", folder);
  statement.bind(begin).bind(end);
  while (statement.next()) damaged.push_back({statement.text(0), statement.text(1)});
  return damaged;
}

}  // namespace changeling::store
