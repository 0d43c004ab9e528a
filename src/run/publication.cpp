#include "run/publication.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "run/proven_work.hpp"
#include "run/pull_request_text.hpp"
#include "support/error.hpp"

namespace changeling::run {

Published publish(const project::Services& services, const Observer& observer, const Publication& publication,
                  const std::string& run_id, const Fence& fence) {
  const auto& continues = publication.start.continues;
  project::OutboxEntry entry;
  entry.own_branch = publication.run_branch;
  entry.proposal.changeling = publication.definition.name;
  entry.proposal.run = run_id;
  entry.proposal.branch = continues ? continues->branch : publication.run_branch;
  entry.proposal.base = publication.start.base;
  entry.proposal.base_commit = publication.start.base_commit.hex();
  entry.proposal.head = publication.head.hex();
  entry.proposal.title = publication.title;
  entry.proposal.body = publication.body;
  entry.proposal.patch_id = publication.patch_id;
  entry.proposal.draft = publication.draft;
  entry.proposal.labels = publication.definition.labels;
  entry.proposal.reviewers = publication.definition.reviewers;
  if (publication.start.replaces) entry.replaces = publication.start.replaces->hex();
  if (continues) entry.continues = continues->number;
  // Only claims of the own queue can be looked up later.
  if (publication.task_token != 0) entry.task = publication.task;
  entry.token = publication.task_token;
  entry.works_on = publication.task;
  entry.most_open = publication.task.empty() ? publication.definition.max_open_prs : 0;
  entry.outcome = publication.outcome;
  note_own_head(services, {run_id, entry.proposal.branch, entry.proposal.head, publication.start.commit.hex(),
                           entry.proposal.base_commit});
  if (!publication.held_back.empty()) {
    postpone(services, entry, publication.held_back);
    throw Error(ErrorKind::Unavailable,
                publication.held_back + "; the work stays in the outbox and is sent later");
  }
  Delivered delivered = deliver(services, observer, std::move(entry), fence);
  return {std::move(delivered.pull_request), std::move(delivered.branch), delivered.updated,
          delivered.outcome, std::move(delivered.not_taken)};
}

project::OutboxEntry report_entry(const Definition& definition, const std::string& run_id,
                                  const std::string& report) {
  const WorkText parts = describe_work(report, {}, "");
  project::OutboxEntry entry;
  entry.is_report = true;
  entry.proposal.changeling = definition.name;
  entry.proposal.run = run_id;
  entry.proposal.title = pull_request_title(definition, parts.summary);
  entry.proposal.body = parts.description;
  entry.proposal.labels = definition.labels;
  entry.outcome = store::Outcome::Reported;
  return entry;
}

std::optional<KnownChange> known_change(const project::Services& services, const std::string& changeling,
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
