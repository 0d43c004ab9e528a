#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "store/task_checks.hpp"
#include "store/task_queue.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"

namespace changeling::store {

using queue::Task;

/// What one look at the candidates came to.
struct ClaimFindings {
  struct Entry {
    Task before;
    Task after;
    std::string text;
  };
  std::vector<Entry> changed;  ///< Tasks that go to blocked, and the claimed one, if any, at the end.
  bool claimed = false;
  bool contradicted = false;  ///< A candidate's record says that it is none.
  std::string reason;         ///< Why the last candidate was none.
};

namespace {

/// Candidates that are looked at before asking for more.
constexpr std::size_t first_candidates = 4;

void check_terms(const queue::ClaimTerms& terms) {
  if (terms.owner.empty()) throw Error(ErrorKind::Usage, "a claim needs the name of the worker");
  if (terms.lease <= Duration(0)) throw Error(ErrorKind::Usage, "a claim needs a lease longer than 0s");
}

/// Decides on one candidate, by its record.
void consider(const Snapshot& snapshot, const Task& task, const queue::ClaimTerms& terms,
              ClaimFindings& findings) {
  const auto decision = queue::decide_claim(task, open_blockers(snapshot, task), terms);
  const auto keep = [&](const Task& after) { findings.changed.push_back({task, after, task_text(after)}); };
  if (const auto* claimed = std::get_if<queue::Claimed>(&decision)) {
    keep(claimed->task);
    findings.claimed = true;
  } else if (const auto* exhausted = std::get_if<queue::Exhausted>(&decision)) {
    keep(exhausted->task);
    findings.reason = fmt::format("task {} is now blocked: {}", task.id, exhausted->task.blocked_reason);
  } else {
    findings.contradicted = true;
    findings.reason = std::get<queue::NotClaimable>(decision).reason;
  }
}

Operation operation_of(const ClaimFindings& findings, const queue::ClaimTerms& terms) {
  if (findings.changed.empty()) return {"claim", "task.claim", {}};
  const Task& last = findings.changed.back().after;
  const std::string subject = findings.claimed ? fmt::format("claim {}: {}", last.id, terms.owner)
                                               : fmt::format("block {}: attempts used up", last.id);
  return {subject, "task.claim", {{"Task", last.id}}};
}

}  // namespace

ClaimResult TaskQueue::claim_with(const queue::ClaimTerms& terms,
                                  const std::function<void(const Snapshot&, ClaimFindings&)>& look) {
  ClaimFindings findings;
  update(
      Reach::Published,
      [&](const Snapshot& snapshot, Change& change) {
        findings = {};
        look(snapshot, findings);
        for (const auto& entry : findings.changed) change.write(task_path(entry.after.id), entry.text);
        return operation_of(findings, terms);
      },
      [&](const Store::Written& commits) {
        std::vector<WrittenTask> written;
        for (const auto& entry : findings.changed)
          written.push_back({entry.after.id, &entry.after, &entry.text});
        index_.advance(commits, written);
      });
  for (const auto& entry : findings.changed) {
    const bool claimed = entry.after.status == queue::TaskStatus::InFlight;
    notify(claimed ? "claim" : "exhausted", &entry.before, &entry.after);
  }
  if (findings.claimed) return findings.changed.back().after;
  return Unclaimable{findings.reason};
}

ClaimResult TaskQueue::claim(const queue::ClaimFilter& filter, const queue::ClaimTerms& terms) {
  check_terms(terms);
  if (idle_) {
    // Nothing was there the last time: look without the lock, so that waiting workers are in nobody's way.
    if (publisher_ != nullptr) {
      const FileLock lock = publisher_->begin();
      publisher_->catch_up();
    }
    index_.follow();
    if (index_.claimable(filter, terms.now, 1).empty()) return Empty{};
  }
  bool contradicted = false;
  const auto look = [&](const Snapshot& snapshot, ClaimFindings& findings) {
    index_.follow();
    std::set<std::string> seen;
    for (std::size_t count = first_candidates;; count *= 8) {
      const auto ids = index_.claimable(filter, terms.now, count);
      for (const std::string& id : ids) {
        const bool unwanted =
            std::find(filter.except.begin(), filter.except.end(), id) != filter.except.end();
        if (unwanted || !seen.insert(id).second) continue;
        const auto task = read_task(snapshot, id);
        if (task && queue::matches(*task, filter)) {
          consider(snapshot, *task, terms, findings);
        } else {
          findings.contradicted = true;
        }
        if (findings.claimed) return;
      }
      if (ids.size() < count) break;
    }
    contradicted = findings.contradicted;
  };
  ClaimResult result = claim_with(terms, look);
  if (contradicted && !std::holds_alternative<Task>(result)) {
    // The index promised tasks that the records deny: it is wrong, and may hide others.
    index_.rebuild();
    result = claim_with(terms, look);
  }
  if (!std::holds_alternative<Task>(result)) result = Empty{};
  idle_ = std::holds_alternative<Empty>(result);
  return result;
}

ClaimResult TaskQueue::claim(const std::string& id, const queue::ClaimTerms& terms) {
  check_terms(terms);
  return claim_with(terms, [&](const Snapshot& snapshot, ClaimFindings& findings) {
    consider(snapshot, require_task(snapshot, id), terms, findings);
  });
}

}  // namespace changeling::store
