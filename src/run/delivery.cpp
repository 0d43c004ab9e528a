#include "run/delivery.hpp"
#include "project/branch_prefix.hpp"
#include "project/local_runs.hpp"
#include "project/own_branches.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/base.hpp"
#include "run/branch_remote.hpp"
#include "run/kept_heads.hpp"
#include "run/lfs.hpp"
#include "run/live_run.hpp"
#include "run/proven_work.hpp"
#include "run/recovery.hpp"
#include "store/records.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

constexpr Duration first_pause = std::chrono::minutes(1);
constexpr Duration longest_pause = std::chrono::hours(1);

/// Whatever a forge answers to a question is no word on the work, also when it refuses to answer: that is
/// asked again later.
template <typename Question>
auto asked(const Question& question) {
  try {
    return question();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Refused) throw;
    throw Error(ErrorKind::External, error.what(), error.hint());
  }
}

void say(const Observer& observer, const std::string& sentence) {
  if (observer.on_message) observer.on_message(sentence);
}

void step(const Observer& observer, Step next) {
  if (observer.on_step) observer.on_step(next);
}

/// A branch without the objects that its git-lfs pointers name could not be checked out by anybody.
git::GitProgram::PushResult push_with_objects(const project::Services& services,
                                              const forge::Proposal& proposal, const git::ObjectId& head,
                                              const std::optional<git::ObjectId>& replaces) {
  const auto base = proposal.base_commit.empty() ? head : git::ObjectId::from_hex(proposal.base_commit);
  const std::string remote = branch_remote(services);
  if (auto problem = upload_lfs_objects(services, remote, base, head, proposal.branch)) {
    return {git::GitProgram::PushOutcome::Failed, std::move(*problem)};
  }
  return services.git.push(remote, head, proposal.branch, replaces);
}

/// The entry goes into the outbox, and its work stays until it is sent.
void keep(const project::Services& services, const project::OutboxEntry& entry) {
  if (!entry.is_report)
    keep_head(services, entry.proposal.run, entry.proposal.branch,
              git::ObjectId::from_hex(entry.proposal.head));
  services.places.outbox().keep(entry);
}

/// What came of pushing the branch of a request that does not need it on the remote.
struct Pushed {
  enum class State { Done, Later, Never } state = State::Done;
  std::string reason = {};  ///< Unless it is done.
};

/// A failure is a message where the forge does not need the branch on the remote, and an error elsewhere.
Pushed push_branch(const project::Services& services, const Observer& observer,
                   const project::OutboxEntry& entry) {
  using PushOutcome = git::GitProgram::PushOutcome;
  const std::string& branch = entry.proposal.branch;
  if (const auto reason = why_held(services, entry.proposal.base, entry.proposal.base_commit)) {
    if (services.forge.needs_pushed_branch()) throw Error(ErrorKind::Unavailable, *reason);
    say(observer, *reason);
    return {Pushed::State::Later, *reason};
  }
  const std::string remote = branch_remote(services);
  const auto replaces =
      entry.replaces.empty() ? std::nullopt : std::optional(git::ObjectId::from_hex(entry.replaces));
  const auto head = git::ObjectId::from_hex(entry.proposal.head);
  const auto result = push_with_objects(services, entry.proposal, head, replaces);
  if (result.outcome == PushOutcome::Done) return {};
  std::string message = fmt::format("could not push {} to {}: {}", branch, remote, result.message);
  if (result.message.find("shallow update not allowed") != std::string::npos)
    message +=
        fmt::format("; this clone is shallow, fetch the rest: git fetch --unshallow {}", services.remote);
  const std::string not_taken = fmt::format("{} does not take {}: {}", remote, branch, result.message);
  if (!services.forge.needs_pushed_branch()) {
    const bool never = result.outcome == PushOutcome::Declined;
    say(observer, never ? not_taken : message);
    return {never ? Pushed::State::Never : Pushed::State::Later, never ? not_taken : message};
  }
  if (result.outcome == PushOutcome::Rejected) {
    throw Error(ErrorKind::Conflict, message,
                "somebody pushed to that branch meanwhile; run the changeling again");
  }
  if (result.outcome == PushOutcome::Declined) {
    throw Error(ErrorKind::Refused, not_taken,
                "a hook or a rule there forbids it; the work stays on the run's branch here");
  }
  throw Error(
      ErrorKind::Unavailable, message,
      fmt::format("check that you can push: git push --dry-run {} HEAD:refs/heads/{}", remote, branch));
}

/// Brings the local branch of a continued pull request up to the new head.
void move_local_branch(const project::Services& services, const std::string& branch,
                       const git::ObjectId& head) {
  const std::string reference = "refs/heads/" + branch;
  const auto at = services.repository.resolve(reference);
  if (!at && services.forge.needs_pushed_branch()) return;
  if (at == head ||
      services.repository.compare_and_swap(reference, at, head, "changeling: continue the pull request") ==
          git::SwapResult::Swapped)
    return;
  throw Error(ErrorKind::Conflict, fmt::format("{} moved while its pull request was continued", branch),
              "run the changeling again");
}

/// The work goes to a new pull request, on a branch of its own: pushing to the old one would bring a branch
/// back that people have merged and deleted.
void leave_old_request(const project::Services& services, const Observer& observer,
                       project::OutboxEntry& entry) {
  say(observer,
      fmt::format("pull request {} is not open any more; the work becomes a new one", entry.continues));
  forge::Proposal& proposal = entry.proposal;
  proposal.branch =
      entry.own_branch.empty()
          ? project::branch_prefix(services.repository).branch(proposal.changeling, proposal.run)
          : entry.own_branch;
  entry.continues = 0;
  entry.replaces.clear();
  entry.most_open = 0;
  if (entry.outcome) entry.outcome = store::Outcome::OpenedPr;
}

/// What is at the forge now, and whether the branch is where the request says.
struct Sent {
  forge::PullRequest pull_request;
  Pushed branch = {};
};

forge::PullRequest send_report(const project::Services& services, const project::OutboxEntry& entry,
                               const Fence& fence) {
  fence();
  forge::PullRequest issue;
  issue.url = services.forge.open_issue(entry.proposal.title, entry.proposal.body, entry.proposal.labels);
  return issue;
}

Sent send(const project::Services& services, const Observer& observer, project::OutboxEntry& entry,
          const Fence& fence) {
  if (entry.is_report) return {send_report(services, entry, fence)};
  if (entry.continues != 0) {
    const auto pull = asked([&] { return services.forge.find(entry.continues); });
    // An earlier try had arrived before it was cut off.
    if (pull && pull->state == "merged" && pull->head == entry.proposal.head) return {*pull};
    if (!pull || pull->state != "open") leave_old_request(services, observer, entry);
  }
  project::require_own_branch(services.repository, entry.proposal.branch, entry.proposal.base);
  Pushed pushed;
  if (!services.remote.empty()) {
    step(observer, Step::Push);
    fence();
    pushed = push_branch(services, observer, entry);
  }
  step(observer, Step::Propose);
  fence();
  move_local_branch(services, entry.proposal.branch, git::ObjectId::from_hex(entry.proposal.head));
  std::vector<std::string> warnings;
  forge::PullRequest pull = entry.continues != 0
                                ? services.forge.update(entry.continues, entry.proposal, warnings)
                                : services.forge.open(entry.proposal, warnings);
  for (const std::string& warning : warnings) say(observer, warning);
  entry.proposed = pushed.state == Pushed::State::Later;
  if (pushed.state == Pushed::State::Done) drop_kept_head(services, entry.proposal.run);
  return {std::move(pull), std::move(pushed)};
}

bool was_rejected(const project::Services& services, const forge::Proposal& proposal) {
  if (proposal.patch_id.empty()) return false;
  const auto rejected = services.forge.rejected_patch_ids(proposal.changeling);
  return std::find(rejected.begin(), rejected.end(), proposal.patch_id) != rejected.end();
}

/// The request that is there already, and whose branch only was still to be pushed, when it is decided.
std::optional<forge::PullRequest> decided_request(const project::Services& services,
                                                  const project::OutboxEntry& entry) {
  if (!entry.proposed) return std::nullopt;
  std::int64_t number = entry.continues;
  if (const auto run = store::read_run(services.store.snapshot(), entry.proposal.run);
      run && run->pull_request)
    number = run->pull_request->number;
  auto pull = number == 0 ? std::nullopt : services.forge.find(number);
  return pull && pull->state != "open" ? pull : std::nullopt;
}

/// A sentence when the entry must not be sent any more.
std::optional<std::string> obsolete(const project::Services& services, const project::OutboxEntry& entry) {
  const forge::Proposal& proposal = entry.proposal;
  if (!entry.task.empty()) {
    const auto task = store::read_task(services.store.snapshot(), entry.task);
    if (!task || task->last_token != entry.token)
      return fmt::format("{}: somebody else has taken task {} over since", proposal.branch, entry.task);
  }
  if (entry.is_report) return std::nullopt;
  if (const auto pull = decided_request(services, entry)) {
    return fmt::format("{}: pull request {} is {} by now, so its branch needs to go nowhere", proposal.branch,
                       pull->number, pull->state == "merged" ? "merged" : "rejected");
  }
  if (!services.repository.has_object(git::ObjectId::from_hex(proposal.head)))
    return fmt::format("{}: its commit {} is gone", proposal.branch, proposal.head.substr(0, 8));
  if (entry.continues != 0 || entry.proposed) return std::nullopt;
  if (was_rejected(services, proposal))
    return fmt::format("{}: exactly this change was proposed before and rejected; the branch stays",
                       proposal.branch);
  if (entry.most_open == 0) return std::nullopt;
  const auto open = services.forge.find_open({proposal.changeling, {}, ""});
  const auto others = std::count_if(open.begin(), open.end(), [&](const forge::PullRequest& pull) {
    return pull.branch != proposal.branch;
  });
  if (others < entry.most_open) return std::nullopt;
  return fmt::format("{}: {} has {} open pull request{} by now, as many as it may; the branch stays",
                     proposal.branch, proposal.changeling, others, others == 1 ? "" : "s");
}

void change_run(const project::Services& services, const project::OutboxEntry& entry, const std::string& what,
                const std::function<void(store::RunRecord&)>& change_record) {
  const forge::Proposal& proposal = entry.proposal;
  const store::Operation operation{fmt::format("run {}: {}", proposal.changeling, what),
                                   "run.deliver",
                                   {{"Changeling", proposal.changeling}, {"Run", proposal.run}}};
  services.store.update(operation, [&](const store::Snapshot& snapshot, store::Change& change) {
    auto run = store::read_run(snapshot, proposal.run);
    if (!run) return;
    change_record(*run);
    store::write_run(change, *run);
  });
}

void record_delivery(const project::Services& services, const project::OutboxEntry& entry, const Sent& sent) {
  const forge::PullRequest& pull = sent.pull_request;
  change_run(services, entry, "sent later", [&](store::RunRecord& run) {
    if (entry.is_report) {
      run.report_url = pull.url;
    } else {
      run.pull_request = store::PullRequestReference{pull.number, pull.url, pull.state};
      run.branch = entry.proposal.branch;
      run.head = entry.proposal.head;
    }
    const bool not_taken = sent.branch.state == Pushed::State::Never;
    if (not_taken) run.error = sent.branch.reason;
    if (!entry.outcome) return;
    run.outcome = entry.outcome;
    if (!not_taken) run.error.clear();
    run.outage = false;
  });
}

/// The last word on the work: from now on the run has failed like others.
void record_refusal(const project::Services& services, const project::OutboxEntry& entry,
                    const std::string& reason) {
  change_run(services, entry, "refused", [&](store::RunRecord& run) {
    if (run.pull_request || !run.outage) return;
    run.error = reason;
    run.outage = false;
  });
}

/// The task that waits for review with the work gets the pull request.
void note_on_task(const project::Services& services, const project::OutboxEntry& entry,
                  const forge::PullRequest& pull) {
  if (entry.task.empty() || entry.is_report) return;
  const store::Operation operation{fmt::format("task {}: its pull request was opened", entry.task),
                                   "task.deliver",
                                   {{"Task", entry.task}, {"Run", entry.proposal.run}}};
  services.store.update(operation, [&](const store::Snapshot& snapshot, store::Change& change) {
    auto task = store::read_task(snapshot, entry.task);
    if (!task || task->last_token != entry.token || task->status != queue::TaskStatus::Review) return;
    const std::string number = std::to_string(pull.number);
    const bool known = std::any_of(task->artifacts.begin(), task->artifacts.end(), [&](const auto& artifact) {
      return artifact.kind == queue::Artifact::Kind::PullRequest && artifact.path == number;
    });
    if (known) return;
    task->artifacts.push_back({queue::Artifact::Kind::PullRequest, number, pull.url, services.clock.now()});
    task->updated_at = services.clock.now();
    store::write_task(change, *task);
  });
}

/// Sends one waiting entry and says in `report` what came of it.
void send_again(const project::Services& services, const Observer& observer, project::OutboxEntry entry,
                OutboxReport& report) {
  const std::string run_id = entry.proposal.run;
  const std::string changeling = entry.proposal.changeling;
  const std::string name =
      entry.is_report ? fmt::format("the report of {}", changeling) : entry.proposal.branch;
  const project::Outbox outbox = services.places.outbox();
  const auto wait = [&](const std::string& reason) {
    postpone(services, entry, reason);
    report.waiting.push_back({run_id, changeling, reason});
  };
  try {
    auto reason = why_unproven(services, entry);
    if (!reason) reason = asked([&] { return obsolete(services, entry); });
    if (reason) {
      outbox.drop(run_id);
      report.dropped.push_back(*reason);
      return record_refusal(services, entry, *reason);
    }
    const Sent sent = send(services, observer, entry, [] {});
    record_delivery(services, entry, sent);
    note_on_task(services, entry, sent.pull_request);
    if (entry.proposed) return wait(sent.branch.reason);
    outbox.drop(run_id);
    if (sent.branch.state == Pushed::State::Never) {
      report.refused.push_back(sent.branch.reason);
    } else {
      report.sent.push_back(run_id);
    }
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    if (!is_for_good(error)) return wait(with_hint(error));
    outbox.drop(run_id);
    report.refused.push_back(fmt::format("{}: {}", name, error.what()));
    record_refusal(services, entry, with_hint(error));
  }
}

}  // namespace

bool is_for_good(const Error& error) {
  return error.kind() == ErrorKind::Refused || error.kind() == ErrorKind::Conflict;
}

void postpone(const project::Services& services, project::OutboxEntry entry, const std::string& reason) {
  const Duration pause = std::min(longest_pause, first_pause * (1 << std::min<std::int64_t>(entry.tries, 6)));
  if (entry.created_at == Timestamp{}) entry.created_at = services.clock.now();
  ++entry.tries;
  entry.error = reason;
  entry.next_try = services.clock.now() + pause;
  keep(services, entry);
}

Delivered deliver(const project::Services& services, const Observer& observer, project::OutboxEntry entry,
                  const Fence& fence) {
  const project::Outbox outbox = services.places.outbox();
  entry.created_at = entry.next_try = services.clock.now();
  keep(services, entry);
  try {
    Sent sent = send(services, observer, entry, fence);
    if (entry.proposed) postpone(services, entry, sent.branch.reason);
    const bool not_taken = sent.branch.state == Pushed::State::Never;
    return {std::move(sent.pull_request), entry.proposal.branch, entry.continues != 0, entry.outcome,
            not_taken ? sent.branch.reason : ""};
  } catch (const Error& error) {
    if (is_for_good(error)) {
      outbox.drop(entry.proposal.run);
      throw;
    }
    postpone(services, entry, with_hint(error));
    throw Error(error.kind(), fmt::format("{}; it stays in the outbox and is sent later", error.what()),
                error.hint());
  }
}

void settle(const project::Services& services, const std::string& run_id) {
  const project::Outbox outbox = services.places.outbox();
  for (const project::OutboxEntry& entry : outbox.entries()) {
    if (entry.proposal.run == run_id && project::is_undelivered(entry)) outbox.drop(run_id);
  }
}

OutboxReport send_outbox(const project::Services& services, const Observer& observer, Due due) {
  OutboxReport report;
  const project::Outbox outbox = services.places.outbox();
  if (outbox.empty()) return report;
  const auto lock = FileLock::try_acquire(outbox.lock_file());
  if (!lock) {
    for (const project::OutboxEntry& entry : outbox.entries())
      report.waiting.push_back(
          {entry.proposal.run, entry.proposal.changeling, "another process is sending what waits"});
    return report;
  }
  // The record of a killed run is finished first, so that what is sent then is what it ends with.
  recover_dead_runs(services, observer);
  for (const project::OutboxEntry& entry : outbox.entries(report.dropped)) {
    if (project::is_alive(services.places, entry.proposal.run)) continue;
    if (due == Due::OnlyDue && entry.next_try > services.clock.now()) {
      report.waiting.push_back({entry.proposal.run, entry.proposal.changeling, entry.error});
    } else {
      send_again(services, observer, entry, report);
    }
  }
  return report;
}

}  // namespace changeling::run
