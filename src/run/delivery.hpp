#pragma once

#include <functional>
#include <string>
#include <vector>

#include "forge/forge.hpp"
#include "project/outbox.hpp"
#include "project/services.hpp"
#include "run/observer.hpp"
#include "support/error.hpp"

namespace changeling::run {

/// Asked right before anything leaves this machine; throws to stop it.
using Fence = std::function<void()>;

/// Whether the error is somebody's last word on the work: a hook's, a rule's, or that others have it now.
/// Everything else (networks, servers, credentials, an answer that makes no sense) may be mended.
bool is_for_good(const Error& error);

/// Where the work of an entry is now.
struct Delivered {
  forge::PullRequest pull_request;  ///< Of a report, nothing but the address of its issue.
  std::string branch;
  bool updated = false;                   ///< An open pull request was continued.
  std::optional<store::Outcome> outcome;  ///< See OutboxEntry.
  std::string not_taken = {};  ///< Why the remote will never take the branch of this request; or empty.
};

/// Sends one entry: pushes the branch where there is a remote, then opens or continues the pull request, both
/// idempotent; a report becomes an issue. A request to continue that was merged or closed meanwhile is left
/// alone, and the work becomes a new one on the run's own branch. With the local forge a push that fails is a
/// message, and the entry stays to push later, unless the remote does not take the branch. The entry is in
/// the outbox before anything is asked or sent, stays there when this throws, and is gone only when the error
/// is_for_good(). After a success it stays until settle(), so that a kill in between loses nothing.
Delivered deliver(const project::Services& services, const Observer& observer, project::OutboxEntry entry,
                  const Fence& fence);

/// Leaves the entry to be sent later, for this reason.
void postpone(const project::Services& services, project::OutboxEntry entry, const std::string& reason);

/// The run's record tells of what was sent now: nothing is left to send but perhaps the branch.
void settle(const project::Services& services, const std::string& run_id);

/// What sending the waiting entries came to.
struct OutboxReport {
  struct Waiting {
    std::string run;
    std::string changeling;
    std::string reason;
  };
  std::vector<std::string> sent;     ///< Ids of runs.
  std::vector<Waiting> waiting;      ///< Those that a later try may send.
  std::vector<std::string> dropped;  ///< A sentence each: nobody wants them any more.
  std::vector<std::string> refused;  ///< A sentence each: a hook, a rule or the forge does not take them.
};

/// Pauses between tries grow to an hour; a person who asks does not wait for them.
enum class Due { OnlyDue, Everything };

/// Sends what waits in the outbox and tells the runs' records of it. Two processes never send at the same
/// time. Runs that are still alive send their own entries.
OutboxReport send_outbox(const project::Services& services, const Observer& observer, Due due);

}  // namespace changeling::run
