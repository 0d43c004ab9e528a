#include "run/publication.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"

namespace changeling::run {
namespace {

void say(const Observer& observer, const std::string& sentence) {
  if (observer.on_message) observer.on_message(sentence);
}

void step(const Observer& observer, std::string_view name) {
  if (observer.on_step) observer.on_step(name);
}

void push_branch(const Services& services, const Observer& observer, const Publication& publication,
                 const std::string& branch) {
  const auto result =
      services.git.push(services.remote, publication.head, branch, publication.start.replaces);
  if (result.outcome == git::GitProgram::PushOutcome::Done) return;
  const std::string message =
      fmt::format("could not push {} to {}: {}", branch, services.remote, result.message);
  if (!services.forge.needs_pushed_branch()) {
    say(observer, message);
    return;
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

}  // namespace

Published publish(const Services& services, const Observer& observer, const Publication& publication,
                  const std::string& run_id, const Fence& fence) {
  const auto& continues = publication.start.continues;
  Published published;
  published.updated = continues.has_value();
  published.branch = continues ? continues->branch : publication.run_branch;
  if (!services.remote.empty()) {
    step(observer, "push");
    fence();
    push_branch(services, observer, publication, published.branch);
  }
  step(observer, "propose");
  fence();
  move_local_branch(services, published.branch, publication.head);
  forge::Proposal proposal;
  proposal.changeling = publication.definition.name;
  proposal.run = run_id;
  proposal.branch = published.branch;
  proposal.base = publication.start.base;
  proposal.base_commit = publication.start.base_commit.hex();
  proposal.head = publication.head.hex();
  proposal.title = publication.title;
  proposal.body = publication.body;
  proposal.patch_id = publication.patch_id;
  proposal.draft = publication.draft;
  proposal.labels = publication.definition.labels;
  proposal.reviewers = publication.definition.reviewers;
  std::vector<std::string> warnings;
  published.pull_request = continues ? services.forge.update(continues->number, proposal, warnings)
                                     : services.forge.open(proposal, warnings);
  for (const std::string& warning : warnings) say(observer, warning);
  return published;
}

std::optional<KnownChange> known_change(const Services& services, const std::string& changeling,
                                        const std::string& patch_id,
                                        const std::vector<forge::PullRequest>& own_open,
                                        const std::vector<store::RunRecord>& earlier_runs) {
  // Without a difference to the base there is nothing that could be the same.
  if (patch_id.empty()) return std::nullopt;
  for (const forge::PullRequest& pull : own_open) {
    const bool same = std::any_of(earlier_runs.begin(), earlier_runs.end(), [&](const store::RunRecord& run) {
      return run.pull_request && run.pull_request->number == pull.number && run.head == pull.head &&
             run.patch_id == patch_id;
    });
    if (same) {
      return KnownChange{fmt::format("pull request {} already proposes exactly this change", pull.number),
                         pull};
    }
  }
  const auto rejected = services.forge.rejected_patch_ids(changeling);
  if (std::find(rejected.begin(), rejected.end(), patch_id) != rejected.end()) {
    return KnownChange{"exactly this change was proposed before and rejected", std::nullopt};
  }
  return std::nullopt;
}

}  // namespace changeling::run
