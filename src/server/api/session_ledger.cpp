#include "server/api/session_ledger.hpp"

#include <sys/stat.h>

#include "support/files.hpp"

namespace changeling::server::api {
namespace {

constexpr auto patience = std::chrono::seconds(5);

/// Created by us, or nobody else could be kept from reading it.
const std::filesystem::path& make_private(const std::filesystem::path& file) {
  create_private_directories(file.parent_path());
  return file;
}

std::int64_t milliseconds(Timestamp time) {
  return time.time_since_epoch().count();
}

}  // namespace

SessionLedger::SessionLedger(const std::filesystem::path& file) : database_(make_private(file), patience) {
  ::chmod(file.c_str(), S_IRUSR | S_IWUSR);
  database_.run(
      "CREATE TABLE IF NOT EXISTS started(run TEXT PRIMARY KEY, session TEXT NOT NULL, at INTEGER NOT NULL) "
      "WITHOUT ROWID");
}

void SessionLedger::note(const std::string& session, const std::string& run, Timestamp now) {
  store::Transaction transaction(database_);
  database_.prepare("DELETE FROM started WHERE at < ?").bind(milliseconds(now - kept_for)).run();
  database_.prepare("INSERT OR REPLACE INTO started(run, session, at) VALUES(?, ?, ?)")
      .bind(run)
      .bind(session)
      .bind(milliseconds(now))
      .run();
  transaction.commit();
}

std::map<std::string, std::vector<std::string>> SessionLedger::runs() const {
  std::map<std::string, std::vector<std::string>> found;
  store::Statement row = database_.prepare("SELECT session, run FROM started");
  while (row.next()) found[row.text(0)].push_back(row.text(1));
  return found;
}

std::filesystem::path ledger_file(const std::filesystem::path& local_folder) {
  return local_folder / "sessions.sqlite";
}

}  // namespace changeling::server::api
