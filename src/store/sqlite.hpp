#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace changeling::store {

/// SQLite's answer to a failed call, to be turned into an Error or a rebuild by whoever owns the file.
class SqliteFailure : public std::runtime_error {
 public:
  SqliteFailure(int code, const std::string& message) : std::runtime_error(message), code_(code) {}
  /// Another process kept the file locked for longer than the patience.
  bool is_busy() const;
  /// The file is no database, is damaged, or has not the tables it should have.
  bool is_damage() const;
  /// The disk is full or fails, or the file may not be opened or written.
  bool is_of_the_disk() const;

 private:
  int code_;
};

class Statement;

/// One open database file. Not to be shared between threads.
class Database {
 public:
  /// Creates the file when it is missing. Waits up to `patience` for locks of other processes.
  Database(const std::filesystem::path& file, std::chrono::milliseconds patience);

  void run(const std::string& statements);
  /// Makes the file's journal a write-ahead log, which it stays. SQLite does not wait for others when it
  /// changes the journal (https://sqlite.org/c3ref/busy_handler.html: it may be refused without being asked);
  /// this does.
  void use_write_ahead_log();
  /// A statement that is prepared once and kept; reset and without bindings. Only one use of it at a time.
  Statement prepare(const std::string& statement);
  std::int64_t last_row() const;
  /// Whether the file was deleted or replaced since it was opened.
  bool has_moved() const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<std::chrono::milliseconds> patience_;  ///< At a fixed place: the busy handler looks at it.
  std::unique_ptr<sqlite3, Close> handle_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

/// A use of a prepared statement; bindings are numbered from 1 in the order of the calls.
class Statement {
 public:
  Statement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  Statement(Statement&& other) noexcept
      : database_(other.database_),
        statement_(std::exchange(other.statement_, nullptr)),
        bound_(other.bound_) {}
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// The text must live until the statement has run.
  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Statement& bind_real(double number);
  Statement& bind_null();
  /// Goes to the next row; false after the last.
  bool next();
  /// Runs a statement without rows, which can then be bound and run again.
  void run();

  std::int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;
  std::string text(int column) const;

 private:
  void check(int code) const;
  sqlite3* database_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

/// A write transaction that is taken back unless it was committed. Waits for other writers when it begins.
class Transaction {
 public:
  explicit Transaction(Database& database);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace changeling::store
