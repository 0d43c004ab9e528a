#include "store/sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <thread>

namespace changeling::store {
namespace {

[[noreturn]] void fail(sqlite3* database, int code) {
  throw SqliteFailure(code, database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database));
}

/// Called while another process holds the lock. Short pauses: a transaction takes well under a millisecond.
int wait_for_lock(void* patience, int calls) {
  using namespace std::chrono;
  constexpr auto pause = microseconds(500);
  const auto most = *static_cast<const milliseconds*>(patience);
  if (pause * calls >= most) return 0;
  std::this_thread::sleep_for(pause);
  return 1;
}

}  // namespace

bool SqliteFailure::is_busy() const {
  const int primary = code_ & 0xFF;
  return primary == SQLITE_BUSY || primary == SQLITE_LOCKED;
}

bool SqliteFailure::is_damage() const {
  const int primary = code_ & 0xFF;
  // SQLITE_ERROR is a statement that does not fit the tables: another program's file, or another version's.
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_FORMAT ||
         primary == SQLITE_ERROR || primary == SQLITE_MISMATCH || primary == SQLITE_CONSTRAINT ||
         code_ == SQLITE_IOERR_SHORT_READ;
}

bool SqliteFailure::is_of_the_disk() const {
  const int primary = code_ & 0xFF;
  return primary == SQLITE_FULL || primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY ||
         (primary == SQLITE_IOERR && !is_damage());
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

void Database::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Database::Database(const std::filesystem::path& file, std::chrono::milliseconds patience)
    : patience_(std::make_unique<std::chrono::milliseconds>(patience)) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(handle, code);
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_handler(handle, wait_for_lock, patience_.get());
}

void Database::run(const std::string& statements) {
  const int code = sqlite3_exec(handle_.get(), statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(handle_.get(), code);
}

void Database::use_write_ahead_log() {
  for (int calls = 0;; ++calls) {
    try {
      return run("PRAGMA journal_mode = WAL");
    } catch (const SqliteFailure& failure) {
      if (!failure.is_busy() || wait_for_lock(patience_.get(), calls) == 0) throw;
    }
  }
}

Statement Database::prepare(const std::string& statement) {
  auto& prepared = statements_[statement];
  if (!prepared) {
    sqlite3_stmt* handle = nullptr;
    const int code =
        sqlite3_prepare_v3(handle_.get(), statement.c_str(), static_cast<int>(statement.size() + 1),
                           SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
    if (code != SQLITE_OK) {
      statements_.erase(statement);
      fail(handle_.get(), code);
    }
    prepared.reset(handle);
  }
  return Statement(handle_.get(), prepared.get());
}

std::int64_t Database::last_row() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

bool Database::has_moved() const {
  int moved = 0;
  const int code = sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved != 0;
}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) fail(database_, code);
}

Statement& Statement::bind(std::string_view text) {
  check(sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  check(sqlite3_bind_int64(statement_, ++bound_, number));
  return *this;
}

Statement& Statement::bind_real(double number) {
  check(sqlite3_bind_double(statement_, ++bound_, number));
  return *this;
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

bool Statement::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(database_, code);
  return false;
}

void Statement::run() {
  while (next()) {
  }
  sqlite3_reset(statement_);
  bound_ = 0;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_, column);
  if (bytes == nullptr) return "";
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const SqliteFailure&) {
    // SQLite has taken it back by itself, as it does after damage or a full disk.
  }
}

void Transaction::commit() {
  database_.prepare("COMMIT").run();
  open_ = false;
}

}  // namespace changeling::store
