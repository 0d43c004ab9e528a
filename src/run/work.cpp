#include "run/work.hpp"

#include <fmt/format.h>

#include "forge/closing_words.hpp"
#include "forge/foreign_markdown.hpp"
#include "git/commit_message.hpp"
#include "git/locked_reference.hpp"
#include "run/user_drivers.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

std::string leftover_message(const std::string& changeling, const std::string& run_id,
                             const std::string& summary) {
  // The summary may repeat what a stranger wrote.
  const std::string subject = summary.empty() ? fmt::format("Changes by {}", changeling) : summary;
  return git::commit_message(forge::without_mentions(forge::without_closing_words(subject)),
                             "The agent left these changes uncommitted; git-changeling committed them.",
                             {{"Changeling", changeling}, {"Changeling-Run", run_id}});
}

bool put_at(const project::Services& services, const std::string& reference,
            const std::optional<git::ObjectId>& at, const git::ObjectId& commit, const std::string& message) {
  return at == commit ||
         services.repository.compare_and_swap(reference, at, commit, message) == git::SwapResult::Swapped;
}

/// Somebody may have moved or deleted the branch meanwhile. Returns whether it is at `head` now.
bool point_branch_at(const project::Services& services, const Workspace& workspace, const git::ObjectId& head,
                     const std::optional<git::ObjectId>& start) {
  if (workspace.branch().empty()) return true;
  const std::string reference = "refs/heads/" + workspace.branch();
  const auto at = services.repository.resolve(reference);
  const auto is_on = [&](const std::optional<git::ObjectId>& tip) {
    return tip && services.repository.is_ancestor(*at, *tip);
  };
  std::optional<git::ObjectId> aside = workspace.left_behind();
  if (at && !is_on(head) && !is_on(start)) aside = at;
  if (aside) {
    const std::string beside = reference + "-left-behind";
    if (!put_at(services, beside, services.repository.resolve(beside), *aside,
                "changeling: left by the agent"))
      return false;
  }
  return put_at(services, reference, at, head, "changeling: keep the agent's work");
}

/// What was committed is in the repository all the same.
KeptWork keep_without_worktree(const project::Services& services, const std::string& branch,
                               const std::optional<git::ObjectId>& start) {
  KeptWork work;
  work.head = services.repository.resolve("refs/heads/" + branch);
  work.problem = "the agent removed its worktree";
  const bool has_commits = work.head && !(start && services.repository.is_ancestor(*work.head, *start));
  if (has_commits) *work.problem += "; its commits are on " + branch;
  return work;
}

}  // namespace

KeptWork keep_work(const project::Services& services, const Workspace& workspace,
                   const std::string& changeling, const std::string& run_id,
                   const std::optional<git::ObjectId>& start, const std::string& summary) {
  if (workspace.is_gone()) return keep_without_worktree(services, workspace.branch(), start);
  KeptWork work;
  try {
    work.problem = workspace.unfinished_operation();
    workspace.collect();
    work.kept = workspace.keep_inner_commits();
    workspace.commit_leftovers(leftover_message(changeling, run_id, summary));
    work.head = workspace.head();
    if (start && !work.problem) work.problem = workspace.unpublished_submodule(*start);
  } catch (const DriverRefused& error) {
    work.problem = with_hint(error);
    work.is_denied = true;
    return work;
  } catch (const Error& error) {
    work.problem = error.what();
    return work;
  }
  if (start && !services.repository.is_ancestor(*start, *work.head)) {
    work.problem = "the agent rewrote history that is not its own";
  }
  try {
    if (!point_branch_at(services, workspace, *work.head, start)) {
      work.problem = fmt::format("{} changed while the agent's work was put on it", workspace.branch());
      work.head.reset();
    }
  } catch (const git::LockedReference& error) {
    work.problem = error.what();
    work.head.reset();
  }
  if (work.problem && !work.kept.empty()) *work.problem += "; " + describe(work.kept);
  return work;
}

bool drop_branch_without_work(const project::Services& services, const std::string& branch,
                              const std::optional<git::ObjectId>& start) {
  const std::string reference = "refs/heads/" + branch;
  const auto at = services.repository.resolve(reference);
  if (!at) return false;
  if (!start || !services.repository.is_ancestor(*at, *start)) return true;
  try {
    return services.repository.remove_reference(reference, *at) != git::SwapResult::Swapped;
  } catch (const git::LockedReference&) {
    return true;
  }
}

}  // namespace changeling::run
