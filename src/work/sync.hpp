#pragma once

#include <chrono>
#include <string>

#include "project/project.hpp"
#include "run/outbox_delivery.hpp"
#include "store/sync.hpp"

namespace changeling::work {

/// What bringing a repository together with its remote came to.
struct SyncReport {
  std::string remote;
  store::Synced state;
  run::OutboxReport outbox;

  /// Whether nothing was left behind.
  bool is_complete() const { return outbox.waiting.empty() && outbox.refused.empty(); }
};

/// The remote to share with: the named one, or with an empty name the one that settings choose. Throws
/// Error(NotFound).
std::string remote_to_sync(project::Project& project, const std::string& named);

/// Shares the state both ways, sends what waits in the outbox, and opens gates whose checks have passed.
/// `time_limit` is for each exchange with the remote; zero: none. Throws Error(Unavailable) when the remote
/// cannot be reached and Error(Refused) when it does not take the state.
SyncReport sync(project::Project& project, const std::string& remote, std::chrono::milliseconds time_limit);

}  // namespace changeling::work
