#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "queue/rules.hpp"
#include "queue/task.hpp"
#include "work/source_kinds.hpp"

namespace changeling::work {

/// The right to one task of one source.
struct SourcedClaim {
  queue::Task task;        ///< As much of it as the source knows.
  std::int64_t token = 0;  ///< Of the lease, where the source has leases.
};
/// Nothing to do now.
struct NothingReady {};
/// Somebody else was faster; asking again at once is fine.
struct LostRace {
  std::string winner;
};
/// The source cannot be asked now, with a sentence why; ask again later, with growing pauses.
struct Unreachable {
  std::string reason;
};
using SourceClaim = std::variant<SourcedClaim, NothingReady, LostRace, Unreachable>;

/// How an attempt at a task ended, for its source.
struct TaskResult {
  std::string run;
  std::string outcome;  ///< A run's outcome.
  bool success = false;
  std::string error;
  std::string summary;
  std::vector<queue::Artifact> artifacts;
  queue::CompletionCheck check;  ///< Only looked at on success and for undelivered work.
  /// The work is done and waits in the outbox: nobody is to do it again.
  bool undelivered = false;
};

/// Where tasks come from: the own queue, beads, GitHub issues. A task is never closed after a failure.
class TaskSource {
 public:
  virtual ~TaskSource() = default;
  virtual std::string_view name() const = 0;  ///< A word of source_kinds.
  /// Tells, before a claim, which run would work on the task. A source that can notes it with the claim.
  virtual void announce_run(const std::string& /*run*/) {}
  virtual SourceClaim claim(const queue::ClaimFilter& filter, const std::string& worker) = 0;
  /// Whether the claim still is this worker's; a source without leases looks at the assignee.
  virtual bool holds(const SourcedClaim& claim, const std::string& worker) = 0;
  /// Why holds() said no, as a sentence; empty where the source cannot tell.
  virtual std::string why_lost(const SourcedClaim& /*claim*/) { return ""; }
  /// Takes away what still shows a claim that is lost, where others do not need it. Nothing is handed in.
  virtual void abandon(const SourcedClaim& /*claim*/) {}
  /// Makes the lease last longer, where there are leases.
  virtual void renew(const SourcedClaim& claim) = 0;
  /// Hands the result in: completes on success, gives the task back otherwise.
  virtual void finish(const SourcedClaim& claim, const TaskResult& result) = 0;
  /// What claim would give next, without claiming; at most `limit`. Throws Error(Refused) where the source
  /// cannot tell.
  virtual std::vector<queue::Task> peek(const queue::ClaimFilter& filter, std::size_t limit);
  /// The claim that was announced with this run and not finished, where the source notes it.
  virtual std::optional<SourcedClaim> find_claim(const std::string& /*run*/) { return std::nullopt; }
};

/// Whether its tasks lie on the state reference.
inline bool is_own_queue(const TaskSource& source) {
  return source.name() == to_string(SourceKind::Queue);
}

}  // namespace changeling::work
