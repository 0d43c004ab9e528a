#include "run/delivery.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/lfs.hpp"
#include "run/live_run.hpp"
#include "run/recovery.hpp"
#include "store/records.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

constexpr Duration first_pause = std::chrono::minutes(1);
constexpr Duration longest_pause = std::chrono::hours(1);

void say(const Observer& observer, const std::string& sentence) {
  if (observer.on_message) observer.on_message(sentence);
}

void step(const Observer& observer, std::string_view name) {
  if (observer.on_step) observer.on_step(name);
}

/// A branch without the objects that its git-lfs pointers name could not be checked out by anybody.
git::GitProgram::PushResult push_with_objects(const Services& services, const forge::Proposal& proposal,
                                              const git::ObjectId& head,
                                              const std::optional<git::ObjectId>& replaces) {
  const auto base = proposal.base_commit.empty() ? head : git::ObjectId::from_hex(proposal.base_commit);
  if (auto problem = upload_lfs_objects(services, base, head, proposal.branch)) {
    return {git::GitProgram::PushOutcome::Failed, std::move(*problem)};
  }
  return services.git.push(services.remote, head, proposal.branch, replaces);
}

/// Whether the branch is on the remote now; a failure is a message where the forge does not need it there.
bool push_branch(const Services& services, const Observer& observer, const OutboxEntry& entry) {
  const std::string& branch = entry.proposal.branch;
  const auto replaces =
      entry.replaces.empty() ? std::nullopt : std::optional(git::ObjectId::from_hex(entry.replaces));
  const auto head = git::ObjectId::from_hex(entry.proposal.head);
  const auto result = push_with_objects(services, entry.proposal, head, replaces);
  if (result.outcome == git::GitProgram::PushOutcome::Done) return true;
  const std::string message =
      fmt::format("could not push {} to {}: {}", branch, services.remote, result.message);
  if (!services.forge.needs_pushed_branch()) {
    say(observer, message);
    return false;
  }
  if (result.outcome == git::GitProgram::PushOutcome::Rejected) {
    throw Error(ErrorKind::Conflict, message,
                "somebody pushed to that branch meanwhile; run the changeling again");
  }
  throw Error(ErrorKind::Unavailable, message,
              fmt::format("check that you can push: git push --dry-run {} HEAD:refs/heads/{}",
                          services.remote, branch));
}

/// Brings the local branch of a continued pull request up to the new head.
void move_local_branch(const Services& services, const std::string& branch, const git::ObjectId& head) {
  const std::string reference = "refs/heads/" + branch;
  const auto at = services.repository.resolve(reference);
  if (at == head) return;
  if (!at && services.forge.needs_pushed_branch()) return;
  if (services.repository.compare_and_swap(reference, at, head, "changeling: continue the pull request") ==
      git::SwapResult::Moved) {
    throw Error(ErrorKind::Conflict, fmt::format("{} moved while its pull request was continued", branch),
                "run the changeling again");
  }
}

forge::PullRequest send(const Services& services, const Observer& observer, OutboxEntry& entry,
                        const Fence& fence) {
  bool pushed = true;
  if (!services.remote.empty()) {
    step(observer, "push");
    fence();
    pushed = push_branch(services, observer, entry);
  }
  step(observer, "propose");
  fence();
  move_local_branch(services, entry.proposal.branch, git::ObjectId::from_hex(entry.proposal.head));
  std::vector<std::string> warnings;
  forge::PullRequest pull = entry.continues != 0
                                ? services.forge.update(entry.continues, entry.proposal, warnings)
                                : services.forge.open(entry.proposal, warnings);
  for (const std::string& warning : warnings) say(observer, warning);
  entry.proposed = !pushed;
  return pull;
}

void postpone(const Services& services, OutboxEntry& entry, const std::string& error) {
  const Duration pause = std::min(longest_pause, first_pause * (1 << std::min<std::int64_t>(entry.tries, 6)));
  ++entry.tries;
  entry.error = error;
  entry.next_try = services.clock.now() + pause;
  services.places.outbox().keep(entry);
}

/// A sentence when the entry must not be sent any more.
std::optional<std::string> obsolete(const Services& services, const OutboxEntry& entry) {
  const forge::Proposal& proposal = entry.proposal;
  if (!entry.task.empty()) {
    const auto task = store::read_task(services.store.snapshot(), entry.task);
    if (!task || task->last_token != entry.token)
      return fmt::format("{}: somebody else has taken task {} over since", proposal.branch, entry.task);
  }
  if (!services.repository.has_object(git::ObjectId::from_hex(proposal.head)))
    return fmt::format("{}: its commit {} is gone", proposal.branch, proposal.head.substr(0, 8));
  if (entry.continues != 0 || entry.most_open == 0 || entry.proposed) return std::nullopt;
  const auto open = services.forge.open_pull_requests();
  const auto others = std::count_if(open.begin(), open.end(), [&](const forge::PullRequest& pull) {
    return pull.changeling == proposal.changeling && pull.branch != proposal.branch;
  });
  if (others < entry.most_open) return std::nullopt;
  return fmt::format("{}: {} has {} open pull request{} by now, as many as it may; the branch stays",
                     proposal.branch, proposal.changeling, others, others == 1 ? "" : "s");
}

void record_delivery(const Services& services, const OutboxEntry& entry, const forge::PullRequest& pull) {
  const forge::Proposal& proposal = entry.proposal;
  const store::Operation operation{fmt::format("run {}: sent later", proposal.changeling),
                                   "run.deliver",
                                   {{"Changeling", proposal.changeling}, {"Run", proposal.run}}};
  services.store.update(operation, [&](const store::Snapshot& snapshot, store::Change& change) {
    auto run = store::read_run(snapshot, proposal.run);
    if (!run) return;
    run->pull_request = store::PullRequestReference{pull.number, pull.url, pull.state};
    run->branch = proposal.branch;
    run->head = proposal.head;
    if (entry.outcome) {
      run->outcome = entry.outcome;
      run->error.clear();
    }
    store::write_run(change, *run);
  });
}

/// Sends one waiting entry; whether it is out of the outbox.
void send_again(const Services& services, const Observer& observer, OutboxEntry entry, OutboxReport& report) {
  const std::string run_id = entry.proposal.run;
  const Outbox outbox = services.places.outbox();
  try {
    if (const auto reason = obsolete(services, entry)) {
      outbox.drop(run_id);
      report.dropped.push_back(*reason);
      return;
    }
    const forge::PullRequest pull = send(services, observer, entry, [] {});
    record_delivery(services, entry, pull);
    if (entry.proposed) {
      postpone(services, entry, "the branch could not be pushed");
      report.waiting.push_back(run_id);
      return;
    }
    outbox.drop(run_id);
    report.sent.push_back(run_id);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    if (error.kind() == ErrorKind::Unavailable) {
      postpone(services, entry, error.what());
      report.waiting.push_back(run_id);
    } else {
      outbox.drop(run_id);
      report.dropped.push_back(fmt::format("{}: {}", entry.proposal.branch, error.what()));
    }
  }
}

}  // namespace

forge::PullRequest deliver(const Services& services, const Observer& observer, OutboxEntry entry,
                           const Fence& fence) {
  const Outbox outbox = services.places.outbox();
  entry.created_at = entry.next_try = services.clock.now();
  outbox.keep(entry);
  try {
    const forge::PullRequest pull = send(services, observer, entry, fence);
    if (entry.proposed) postpone(services, entry, "the branch could not be pushed");
    return pull;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable) {
      outbox.drop(entry.proposal.run);
      throw;
    }
    postpone(services, entry, error.what());
    throw Error(ErrorKind::Unavailable,
                fmt::format("{}; it stays in the outbox and is sent later", error.what()), error.hint());
  }
}

void settle(const Services& services, const std::string& run_id) {
  const Outbox outbox = services.places.outbox();
  for (const OutboxEntry& entry : outbox.entries()) {
    if (entry.proposal.run == run_id && !entry.proposed) outbox.drop(run_id);
  }
}

OutboxReport send_outbox(const Services& services, const Observer& observer, Due due) {
  OutboxReport report;
  const Outbox outbox = services.places.outbox();
  if (outbox.empty()) return report;
  const auto lock = FileLock::try_acquire(outbox.lock_file());
  if (!lock) return report;
  // The record of a killed run is finished first, so that what is sent then is what it ends with.
  recover_dead_runs(services, observer);
  for (const OutboxEntry& entry : outbox.entries(report.dropped)) {
    if (is_alive(services.places, entry.proposal.run)) continue;
    if (due == Due::OnlyDue && entry.next_try > services.clock.now()) {
      report.waiting.push_back(entry.proposal.run);
    } else {
      send_again(services, observer, entry, report);
    }
  }
  return report;
}

}  // namespace changeling::run
