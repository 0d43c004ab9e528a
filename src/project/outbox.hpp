#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "forge/forge.hpp"
#include "store/run_record.hpp"
#include "support/clock.hpp"

namespace changeling::project {

/// Checked work on its way out: noted before anything leaves the machine, gone once the pull request is
/// recorded. What is still there after a failure, a kill or a night without a network is sent later; every
/// step can be repeated.
struct OutboxEntry {
  forge::Proposal proposal;
  std::string replaces;        ///< Commit on the remote's branch that the push may replace, or empty.
  std::int64_t continues = 0;  ///< Number of the open pull request to update; 0: a new one.
  std::string task;            ///< Task that was worked on, with the token of its claim; or empty.
  std::int64_t token = 0;
  std::string works_on;        ///< Task that was worked on, of whatever source; or empty.
  std::int64_t most_open = 0;  ///< The changeling's limit of open pull requests.
  std::string own_branch;  ///< Of the run: where the work goes when what it continues is not open any more.
  bool is_report = false;  ///< Title, body and labels become an issue; there is no branch.
  /// The run's outcome once the pull request is there; nothing leaves it (as for a draft after failed
  /// checks).
  std::optional<store::Outcome> outcome;
  bool proposed = false;  ///< The pull request is there, only the branch is not pushed (local forge).
  Timestamp created_at{};
  std::int64_t tries = 0;  ///< Failed ones.
  Timestamp next_try{};
  std::string error;  ///< Why the last try failed.
};

/// Whether the entry has not reached the forge yet.
inline bool is_undelivered(const OutboxEntry& entry) {
  return !entry.proposed;
}

/// The entries of one machine, a file each, named by the run.
class Outbox {
 public:
  explicit Outbox(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void keep(const OutboxEntry& entry) const;
  void drop(const std::string& run_id) const;
  bool empty() const;
  bool has(const std::string& run_id) const;
  /// Oldest first. A file that cannot be read is left alone and named in `damaged`.
  std::vector<OutboxEntry> entries(std::vector<std::string>& damaged) const;
  std::vector<OutboxEntry> entries() const;
  /// Held by whoever sends, so that two processes do not send the same.
  std::filesystem::path lock_file() const { return folder_ / "lock"; }

 private:
  std::filesystem::path file_of(const std::string& run_id) const { return folder_ / (run_id + ".json"); }
  std::filesystem::path folder_;
};

}  // namespace changeling::project
