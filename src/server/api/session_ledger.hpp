#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "store/sqlite.hpp"
#include "support/clock.hpp"

namespace changeling::server::api {

/// Which runs were started over which session of the service. Sessions are known on this machine alone, and
/// so is this: one SQLite file beside the repository's other local files, readable by its owner only. For
/// everybody else the commit of a run's beginning names the session.
class SessionLedger {
 public:
  /// How long a run is remembered here.
  static constexpr Duration kept_for = std::chrono::hours(24 * 400);

  explicit SessionLedger(const std::filesystem::path& file);

  void note(const std::string& session, const std::string& run, Timestamp now);
  /// Ids of runs by session.
  std::map<std::string, std::vector<std::string>> runs() const;

 private:
  mutable store::Database database_;
};

/// The file of a repository, by its local folder.
std::filesystem::path ledger_file(const std::filesystem::path& local_folder);

}  // namespace changeling::server::api
