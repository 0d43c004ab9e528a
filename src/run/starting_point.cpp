#include "run/starting_point.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/base_branch.hpp"
#include "project/own_branches.hpp"
#include "run/base.hpp"
#include "run/base_merge.hpp"
#include "run/branch_remote.hpp"
#include "run/proven_work.hpp"
#include "run/review_feedback.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

/// Whether an earlier run of the branch began at a commit that the base does not hold any more: it was
/// rewritten, and to go on would bring back what was taken out of it.
bool base_was_rewritten(const project::Services& services, const StartingPoint& start,
                        const std::vector<store::RunRecord>& earlier_runs) {
  // There it could as well lie beyond the boundary; see require_common_history.
  if (services.repository.is_shallow()) return false;
  return std::any_of(earlier_runs.begin(), earlier_runs.end(), [&](const store::RunRecord& run) {
    if (run.branch != start.continues->branch || run.base != start.base || run.base_commit.empty())
      return false;
    const auto began = services.repository.resolve_revision(run.base_commit);
    return began && !services.repository.is_ancestor(*began, start.base_commit);
  });
}

/// In a shallow clone the place where the branch left the base may lie beyond the boundary. Said before an
/// agent has cost anything.
void require_common_history(const project::Services& services, const StartingPoint& start,
                            const git::ObjectId& head) {
  if (!services.repository.is_shallow() || services.repository.merge_base(head, start.base_commit)) return;
  throw Error(ErrorKind::Refused,
              fmt::format("this shallow clone ends before the commit at which pull request {} left {}",
                          start.continues->number, start.base),
              fmt::format("fetch the rest: git fetch --unshallow {}", services.remote));
}

/// The branch begins anew at the base, if all that is given up was made by this clone.
void make_anew(const project::Services& services, const Observer& observer, StartingPoint& start,
               const git::ObjectId& head, const std::string& why) {
  const forge::PullRequest& pull = *start.continues;
  if (!is_proven_work(services, head)) {
    throw Error(ErrorKind::Refused,
                fmt::format("pull request {} {} and holds commits that are not proven to be this clone's own",
                            pull.number, why),
                fmt::format("merge {} into {} yourself, or close it: git changeling review reject {}",
                            start.base, pull.branch, pull.number));
  }
  if (observer.on_message)
    observer.on_message(fmt::format("pull request {} {}; it is made anew", pull.number, why));
  start.replaces = head;
}

/// Every branch of a run ends with the run's id.
std::string run_of(const std::string& branch) {
  return branch.substr(branch.rfind('/') + 1);
}

void continue_pull_request(const project::Services& services, const Observer& observer,
                           const std::string& run_branch, StartingPoint& start,
                           const std::vector<store::RunRecord>& earlier_runs) {
  const forge::PullRequest& pull = *start.continues;
  project::require_own_branch(services.repository, pull.branch, start.base);
  if (!services.remote.empty()) fetch_branch(services, observer, branch_remote(services), pull.branch);
  const auto head = newest_commit(services, pull.branch);
  if (!head) {
    throw Error(ErrorKind::NotFound,
                fmt::format("the branch {} of pull request {} is neither here nor on the remote", pull.branch,
                            pull.number),
                fmt::format("close it: git changeling review reject {}", pull.number));
  }
  if (base_was_rewritten(services, start, earlier_runs)) {
    return make_anew(services, observer, start, *head,
                     fmt::format("began at a commit that {} does not hold any more", start.base));
  }
  require_common_history(services, start, *head);
  std::optional<git::HeldCommit> made;
  const git::MergeResult merge = git::make_despite_gc([&] {
    git::MergeResult result = merge_base_into(services, run_of(run_branch), *head, start.base_commit);
    if (result.kind == git::MergeResult::Kind::Merged)
      made = git::create_held_commit(services.repository, services.git,
                                     {*result.tree,
                                      {*head, start.base_commit},
                                      services.store.actor(),
                                      services.clock.now(),
                                      fmt::format("Merge {} into {}\n", start.base, pull.branch)});
    return result;
  });
  switch (merge.kind) {
    case git::MergeResult::Kind::AlreadyMerged:
      start.commit = *head;
      return;
    case git::MergeResult::Kind::FastForward:
      start.commit = start.base_commit;
      return;
    case git::MergeResult::Kind::Merged:
      start.commit = made->id;
      start.held = std::move(made->held);
      return;
    case git::MergeResult::Kind::Conflicts:
      return make_anew(services, observer, start, *head, fmt::format("conflicts with {}", start.base));
  }
}

/// The oldest that a reviewer has said something of since; else, when there are as many as may be, the
/// newest.
std::optional<forge::PullRequest> to_continue(const project::Services& services,
                                              const std::vector<forge::PullRequest>& own_open,
                                              std::int64_t most_open) {
  for (const forge::PullRequest& pull : own_open)
    if (!new_reviews(services, pull).empty()) return pull;
  const bool is_full = !own_open.empty() && std::ssize(own_open) >= most_open;
  return is_full ? std::optional(own_open.back()) : std::nullopt;
}

}  // namespace

std::optional<git::ObjectId> newest_commit(const project::Services& services, const std::string& branch) {
  const auto local = services.repository.resolve("refs/heads/" + branch);
  if (services.remote.empty()) return local;
  const auto remote =
      services.repository.resolve(project::tracking_reference(branch_remote(services), branch));
  if (!local || !remote) return remote ? remote : local;
  if (services.forge.needs_pushed_branch()) return remote;
  return services.repository.is_ancestor(*local, *remote) ? remote : local;
}

StartingPoint find_starting_point(const project::Services& services, const Observer& observer,
                                  const Definition& definition, const std::string& run_branch,
                                  const std::vector<forge::PullRequest>& own_open,
                                  const std::vector<store::RunRecord>& earlier_runs) {
  const Base base = find_base(services, observer, definition, run_branch);
  StartingPoint start{base.branch, base.commit, base.commit, std::nullopt, std::nullopt};
  if (definition.output == OutputKind::PullRequest)
    start.continues = to_continue(services, own_open, definition.max_open_prs);
  if (start.continues) {
    continue_pull_request(services, observer, run_branch, start, earlier_runs);
  }
  return start;
}

}  // namespace changeling::run
