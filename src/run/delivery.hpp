#pragma once

#include <functional>
#include <string>
#include <vector>

#include "forge/forge.hpp"
#include "run/outbox.hpp"
#include "run/services.hpp"

namespace changeling::run {

/// Asked right before anything leaves this machine; throws to stop it.
using Fence = std::function<void()>;

/// Sends one entry: pushes the branch where there is a remote, then opens or continues the pull request, both
/// idempotent. With the local forge a push that fails is a message, and the entry stays to push later. The
/// entry is in the outbox before anything is sent, and gone when this throws anything but
/// Error(Unavailable). After a success it stays until settle(), so that a kill in between loses nothing.
forge::PullRequest deliver(const Services& services, const Observer& observer, OutboxEntry entry,
                           const Fence& fence);

/// The run's record tells of its pull request now: nothing is left to send but perhaps the branch.
void settle(const Services& services, const std::string& run_id);

/// What sending the waiting entries came to.
struct OutboxReport {
  std::vector<std::string> sent;     ///< Ids of runs.
  std::vector<std::string> waiting;  ///< Ids of runs whose next try comes later.
  std::vector<std::string> dropped;  ///< A sentence each: nobody wants them any more.
};

/// Pauses between tries grow to an hour; a person who asks does not wait for them.
enum class Due { OnlyDue, Everything };

/// Sends what waits in the outbox and tells the runs' records of it. Two processes never send at the same
/// time. Runs that are still alive send their own entries.
OutboxReport send_outbox(const Services& services, const Observer& observer, Due due);

}  // namespace changeling::run
