#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "support/files.hpp"
#include "work/beads_program.hpp"
#include "work/retry_pauses.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

struct BeadsSettings {
  BeadsPlace place;
  /// Where processes of this machine lock the issues that they work on, because beads cannot tell workers of
  /// one name apart. Empty: no locks.
  std::filesystem::path lock_folder;
  /// Where they note which issues failed, because beads keeps no attempts. Empty: each process for itself.
  std::filesystem::path attempts_folder;
  std::string role_label = "role-{role}";  ///< Which label a role is in beads.
  std::int64_t most_attempts = 3;          ///< Failures of one issue on this machine; 0: no limit.
};

/// Tasks from beads, see docs/sources.md. A claim is the assignee: beads has no leases, and its own claiming
/// has let two workers win, so that the issue is read again after claiming. Workers on different machines
/// need different names. From any thread.
class BeadsSource : public TaskSource {
 public:
  /// `processes` and `clock` must outlive the source.
  BeadsSource(ProcessRunner& processes, const Clock& clock, BeadsSettings settings);

  std::string_view name() const override { return to_string(SourceKind::Beads); }
  /// Throws Error(NotFound) and Error(External) as BeadsProgram::check_version; asking again does not help.
  SourceClaim claim(const queue::ClaimFilter& filter, const std::string& worker) override;
  /// Throws Error(Unavailable) when bd cannot tell.
  bool holds(const SourcedClaim& claim, const std::string& worker) override;
  void renew(const SourcedClaim& claim) override;
  /// Closes the issue after a success whose criteria are met, and opens it for others otherwise. One that is
  /// not this worker's any more is left alone. Throws Error(Unavailable) when bd cannot be asked, and
  /// Error(Refused) when a success is not one: criteria are unmet, somebody else has the issue, or bd does
  /// not let it be closed; then it is open for others again.
  void finish(const SourcedClaim& claim, const TaskResult& result) override;

 private:
  struct Issue;
  /// One issue as it is now; throws Error(Unavailable).
  Issue read(const std::string& id, const std::string& worker);
  SourceClaim try_to_claim(const Issue& issue, const queue::ClaimFilter& filter, const std::string& worker);
  void close(const SourcedClaim& claim, const std::string& id, const std::string& reason);
  void give_back(const std::string& id, const std::string& worker);
  bool begin(const std::string& id);
  void end(const std::string& id);

  BeadsProgram program_;
  BeadsSettings settings_;
  RetryPauses pauses_;
  std::mutex mutex_;
  bool version_checked_ = false;
  /// Issues that this object works on or tries to claim.
  std::map<std::string, std::optional<FileLock>> held_;
};

}  // namespace changeling::work
