#include "store/sqlite.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "../temporary_folder.hpp"

using namespace changeling;
using changeling::test::TemporaryFolder;
using namespace std::chrono_literals;
using store::Database;
using store::SqliteFailure;

namespace {

std::string journal_of(Database& database) {
  auto statement = database.prepare("PRAGMA journal_mode");
  return statement.next() ? statement.text(0) : "";
}

}  // namespace

TEST_CASE("a file that another process uses becomes one with a write-ahead log once that is over") {
  TemporaryFolder folder;
  Database other(folder.path() / "index.sqlite", 30s);
  other.run("CREATE TABLE numbers(number INTEGER); BEGIN EXCLUSIVE");

  std::thread ending([&] {
    std::this_thread::sleep_for(50ms);
    other.run("COMMIT");
  });
  Database database(folder.path() / "index.sqlite", 30s);
  CHECK_NOTHROW(database.use_write_ahead_log());
  ending.join();
  CHECK(journal_of(database) == "wal");
}

TEST_CASE("a file that stays in use is told after the patience, not at once and not never") {
  TemporaryFolder folder;
  Database other(folder.path() / "index.sqlite", 30s);
  other.run("CREATE TABLE numbers(number INTEGER); BEGIN EXCLUSIVE");

  Database database(folder.path() / "index.sqlite", 20ms);
  const auto begin = std::chrono::steady_clock::now();
  try {
    database.use_write_ahead_log();
    FAIL("it was changed below another process");
  } catch (const SqliteFailure& failure) {
    CHECK(failure.is_busy());
  }
  CHECK(std::chrono::steady_clock::now() - begin >= 20ms);
}
