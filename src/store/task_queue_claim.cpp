#include <fmt/format.h>

#include <algorithm>

#include "store/claim_companions.hpp"
#include "store/lease_watch.hpp"
#include "store/task_checks.hpp"
#include "store/task_queue.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"

namespace changeling::store {

using queue::Task;

namespace {

/// Candidates that are looked at before asking for more.
constexpr std::size_t first_candidates = 4;

void check_terms(const queue::ClaimTerms& terms) {
  if (terms.owner.empty()) throw Error(ErrorKind::Usage, "a claim needs the name of the worker");
  if (terms.lease <= Duration(0)) throw Error(ErrorKind::Usage, "a claim needs a lease longer than 0s");
}

LeaseWatch::Lease watched(const Task& task) {
  constexpr Duration usual_length = std::chrono::minutes(30);
  // Giving and renewing are the last that the owner did to the task, or somebody has edited it since.
  const bool untouched = task.updated_by == task.lease->owner;
  return {fmt::format("{}/{}/{}", task.id, task.lease->token, format_timestamp(task.lease->expires_at)),
          task.lease->expires_at, untouched ? task.lease->expires_at - task.updated_at : usual_length};
}

/// Whether the state says what the answer says. Neither a killed process nor one that writes on the board
/// what it likes is believed.
bool says(const Snapshot& snapshot, const ClaimAnswer& answer) {
  return std::all_of(answer.findings.changed.begin(), answer.findings.changed.end(), [&](const auto& entry) {
    return read_record(snapshot, task_path(entry.after.id)) == entry.text;
  });
}

/// Whether it has said so since the answer's commit, whatever has become of the tasks.
bool has_happened(const ClaimAnswer& answer, const Snapshot& snapshot) {
  const git::Repository& repository = snapshot.repository();
  return snapshot.commit() && repository.has_object(answer.commit) &&
         repository.is_ancestor(answer.commit, *snapshot.commit()) &&
         says(Snapshot(repository, answer.commit), answer);
}

/// What stands on the board for the request; nothing for a text that is no answer to it.
std::optional<ClaimAnswer> read_answer(const std::optional<std::string>& text, const ClaimRequest& request) {
  if (!text) return std::nullopt;
  try {
    ClaimAnswer answer = parse_claim_answer(*text);
    if (is_answer_to(answer, request)) return answer;
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): then it is as if nobody had answered
  }
  return std::nullopt;
}

}  // namespace

Operation operation_of(const ClaimFindings& findings, const queue::ClaimTerms& terms) {
  if (findings.claimed.size() > 1)
    return {fmt::format("claim {} tasks: {}", findings.claimed.size(), terms.owner), "task.claim", {}};
  if (!findings.claimed.empty()) {
    const std::string& id = findings.claimed.front().id;
    return {fmt::format("claim {}: {}", id, terms.owner), "task.claim", {{"Task", id}}};
  }
  if (findings.changed.empty()) return {"claim", "task.claim", {}};
  const std::string& id = findings.changed.back().after.id;
  return {fmt::format("block {}: attempts used up", id), "task.claim", {{"Task", id}}};
}

void TaskQueue::note_given(const Task& task, Timestamp now) const {
  if (watch_ != nullptr && task.lease) watch_->given(watched(task), now);
}

/// Decides on one candidate, by its record.
void TaskQueue::consider(const Snapshot& snapshot, const Task& task, const queue::ClaimTerms& terms,
                         ClaimFindings& findings) const {
  const bool held = watch_ != nullptr && task.status == queue::TaskStatus::InFlight && task.lease;
  if (held && !watch_->is_over(watched(task), terms.now) && task.lease->expires_at <= terms.now) {
    findings.reason = fmt::format(
        "task {} is claimed by {}; by this machine's clock that has run out, but the clock of the other one "
        "may be right: it is watched",
        task.id, task.lease->owner);
    return;
  }
  const auto decision = queue::decide_claim(task, open_blockers(snapshot, task), terms);
  const auto keep = [&](const Task& after) { findings.changed.push_back({task, after, task_text(after)}); };
  if (const auto* claimed = std::get_if<queue::Claimed>(&decision)) {
    keep(claimed->task);
    findings.claimed.push_back(claimed->task);
  } else if (const auto* exhausted = std::get_if<queue::Exhausted>(&decision)) {
    keep(exhausted->task);
    findings.reason = fmt::format("task {} is now blocked: {}", task.id, exhausted->task.blocked_reason);
  } else {
    findings.contradicted = true;
    findings.reason = std::get<queue::NotClaimable>(decision).reason;
  }
}

void TaskQueue::find_claims(const ClaimRequest& request, const Snapshot& snapshot,
                            const std::set<std::string>& taken, ClaimFindings& findings) {
  if (!request.id.empty()) {
    return consider(snapshot, require_task(snapshot, request.id), request.terms, findings);
  }
  index_.follow();
  std::set<std::string> seen = taken;
  seen.insert(request.filter.except.begin(), request.filter.except.end());
  for (std::size_t limit = std::max(first_candidates, request.count + seen.size());; limit *= 8) {
    const auto ids = index_.claimable(request.filter, request.terms.now, limit);
    for (const std::string& id : ids) {
      if (!seen.insert(id).second) continue;
      const auto task = read_sound_task(snapshot, id);
      if (task && queue::matches(*task, request.filter)) {
        consider(snapshot, *task, request.terms, findings);
      } else {
        findings.contradicted = true;
      }
      if (findings.claimed.size() == request.count) return;
    }
    if (ids.size() < limit) return;
  }
}

/// Where claims are handed in; null when each writes its own.
RequestBoard* TaskQueue::claim_board() {
  // What is signed is signed by its author.
  if (!store_.can_write_for_others()) return nullptr;
  return publisher_ == nullptr ? &store_.board() : publisher_->board();
}

/// Waits for the turn to claim, or for what another process claims for us.
Turn TaskQueue::wait_to_claim(const ClaimRequest& request) {
  const auto make_request = [&]() -> std::string {
    if (claim_board() == nullptr) return "";
    try {
      ClaimRequest handed_in = request;
      handed_in.author = store_.actor();
      return to_text(handed_in);
    } catch (const std::exception&) {
      return "";  // What cannot be told to others is done, or fails, in our own turn.
    }
  };
  return publisher_ == nullptr ? store_.wait_for_turn(make_request) : publisher_->wait_for_turn(make_request);
}

ClaimFindings TaskQueue::claim_together(const ClaimRequest& request) {
  Turn turn = wait_to_claim(request);
  std::optional<ClaimAnswer> answer = read_answer(turn.answer, request);
  if (turn.is_done) {
    if (answer && says(store_.snapshot(), *answer)) {
      store_.note_written();
      return std::move(answer->findings);
    }
    turn = publisher_ == nullptr ? store_.wait_for_turn() : publisher_->wait_for_turn({});
  }
  ClaimFindings findings;
  std::optional<ClaimCompanions> companions;
  if (RequestBoard* board = claim_board()) companions.emplace(*this, store_, *board, publisher_);
  const auto decide = [&](const Snapshot& snapshot, Change& change) {
    findings = {};
    if (answer && has_happened(*answer, snapshot)) {
      findings = answer->findings;
    } else {
      find_claims(request, snapshot, {}, findings);
      write_claims(findings, change);
    }
    return operation_of(findings, request.terms);
  };
  const auto on_written = [&](const Store::Written& commits) {
    std::vector<WrittenTask> written;
    append_written(findings, written);
    if (companions) {
      companions->finish();
      companions->append_written(written);
    }
    index_.advance(commits, written);
  };
  const auto append = [&](Snapshot last) {
    return companions ? companions->append(std::move(last), findings) : last;
  };
  if (publisher_ == nullptr) {
    store_.update(std::move(turn), decide, on_written, append);
  } else {
    store_.update(std::move(*turn.lock), decide, on_written, *publisher_, append);
  }
  return findings;
}

ClaimFindings TaskQueue::claim_with(const ClaimRequest& request) {
  unpublished_.clear();
  ClaimFindings findings = claim_together(request);
  // Publishing has taken its time, so the clock is read anew.
  for (const Task& task : findings.claimed) note_given(task, clock_.now());
  std::vector<TaskChange> changes;
  for (const auto& entry : findings.changed) {
    const bool claimed = entry.after.status == queue::TaskStatus::InFlight;
    changes.push_back({claimed ? "claim" : "exhausted", &entry.before, &entry.after});
  }
  notify(changes);
  return findings;
}

ClaimResult TaskQueue::claim(const queue::ClaimFilter& filter, const queue::ClaimTerms& terms) {
  const std::vector<Task> claimed = claim_batch(filter, terms, 1);
  if (claimed.empty()) return Empty{};
  return claimed.front();
}

std::vector<Task> TaskQueue::claim_batch(const queue::ClaimFilter& filter, const queue::ClaimTerms& terms,
                                         std::size_t count) {
  check_terms(terms);
  if (count == 0) return {};
  if (idle_) {
    // Nothing was there the last time: look without the lock, so that waiting workers are in nobody's way.
    if (publisher_ != nullptr) {
      const FileLock lock = publisher_->begin();
      publisher_->catch_up();
    }
    index_.follow();
    if (index_.claimable(filter, terms.now, 1).empty()) return {};
  }
  const ClaimRequest request{terms, filter, "", count, {}};
  ClaimFindings findings = claim_with(request);
  if (findings.contradicted && findings.claimed.empty()) {
    // The index promised tasks that the records deny: it is wrong, and may hide others.
    index_.rebuild();
    findings = claim_with(request);
  }
  idle_ = findings.claimed.empty();
  return std::move(findings.claimed);
}

ClaimResult TaskQueue::claim(const std::string& id, const queue::ClaimTerms& terms) {
  check_terms(terms);
  ClaimFindings findings = claim_with({terms, {}, id, 1, {}});
  if (findings.claimed.empty()) return Unclaimable{std::move(findings.reason)};
  return std::move(findings.claimed.front());
}

}  // namespace changeling::store
