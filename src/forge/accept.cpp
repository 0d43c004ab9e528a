#include "forge/accept.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "forge/local.hpp"
#include "forge/work_trees.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr int most_attempts = 10;
constexpr std::size_t history_searched = 2'000;

std::string branch_reference(const std::string& branch) {
  return "refs/heads/" + branch;
}

/// What was proposed, with the commits that people put on top of it in the branch.
git::ObjectId require_head(const git::Repository& repository, const store::PullRequestRecord& pull) {
  const auto proposed = pull.head.empty() ? std::nullopt : repository.resolve_revision(pull.head);
  if (!proposed) {
    throw Error(ErrorKind::NotFound,
                fmt::format("commit {} of pull request {} is not in this repository", pull.head, pull.number),
                fmt::format("fetch the branch that has it: git fetch --all (branch {})", pull.branch));
  }
  const auto tip = repository.resolve(branch_reference(pull.branch));
  if (!tip || repository.is_ancestor(*tip, *proposed)) return *proposed;
  if (repository.is_ancestor(*proposed, *tip)) return *tip;
  throw Error(ErrorKind::Conflict,
              fmt::format("{} was rewritten: it does not contain {} any more, which pull request {} proposes",
                          pull.branch, proposed->short_hex(), pull.number),
              fmt::format("merge what is there now by hand: git merge {}", pull.branch));
}

git::ObjectId require_base(const git::Repository& repository, const store::PullRequestRecord& pull) {
  if (const auto base = repository.resolve(branch_reference(pull.base))) return *base;
  for (const std::string& remote : repository.remotes()) {
    if (!repository.resolve(fmt::format("refs/remotes/{}/{}", remote, pull.base))) continue;
    throw Error(ErrorKind::Refused,
                fmt::format("the base branch {} exists here only as {}/{}", pull.base, remote, pull.base),
                fmt::format("make a local one first: git branch {} {}/{}", pull.base, remote, pull.base));
  }
  throw Error(ErrorKind::NotFound, fmt::format("the base branch {} does not exist", pull.base),
              fmt::format("fetch or make it, then: git changeling review accept {}", pull.number));
}

/// Whether the base branch is checked out here. Throws when it may not be moved.
bool is_checked_out_here(const git::Repository& repository, const store::PullRequestRecord& pull) {
  bool here = false;
  for (const WorkTreeOnBranch& tree : work_trees_on_branch(repository, pull.base)) {
    if (!tree.operation.empty()) {
      throw Error(ErrorKind::Refused,
                  fmt::format("a {} is under way in {}, where {} is checked out", tree.operation,
                              tree.path.string(), pull.base),
                  fmt::format("finish it (git {} --continue) or give it up (git {} --abort)", tree.operation,
                              tree.operation));
    }
    if (!tree.current) {
      throw Error(ErrorKind::Refused,
                  fmt::format("{} is checked out in another work tree, {}", pull.base, tree.path.string()),
                  fmt::format("accept it there: git -C {} changeling review accept {}",
                              shell_quote(tree.path.string()), pull.number));
    }
    here = true;
  }
  return here;
}

std::string merge_message(const store::PullRequestRecord& pull) {
  const std::string title = pull.title.substr(0, pull.title.find('\n'));
  std::string message = fmt::format("Merge pull request {} of {}: {}\n\nMerges {} into {}.\n\n", pull.number,
                                    pull.changeling, title, pull.branch, pull.base);
  message += fmt::format("Changeling: {}\n", pull.changeling);
  if (!pull.run.empty()) message += fmt::format("Changeling-Run: {}\n", pull.run);
  return message;
}

/// The commit the base branch is to have, or nothing when it has the head already. Writes objects only.
struct Target {
  git::ObjectId commit;
  AcceptKind kind;
};
Target merged(git::Repository& repository, const store::Store& store, const Clock& clock,
              const store::PullRequestRecord& pull, const git::ObjectId& base, const git::ObjectId& head) {
  const git::MergeResult result = repository.merge(base, head);
  switch (result.kind) {
    case git::MergeResult::Kind::AlreadyMerged:
      return {base, AcceptKind::AlreadyMerged};
    case git::MergeResult::Kind::FastForward:
      return {head, AcceptKind::FastForward};
    case git::MergeResult::Kind::Conflicts:
      throw Error(
          ErrorKind::Conflict,
          fmt::format("pull request {} conflicts with {} in: {}", pull.number, pull.base,
                      join(result.conflicting_paths, ", ")),
          fmt::format(
              "nothing was changed; merge by hand (git switch {} && git merge {}), or bring it up to date: "
              "git changeling run {}",
              pull.base, pull.branch, pull.changeling));
    case git::MergeResult::Kind::Merged:
      break;
  }
  if (!result.tree) throw Error(ErrorKind::Internal, "a merge without conflicts has no tree");
  return {
      repository.create_commit(*result.tree, {base, head}, store.actor(), clock.now(), merge_message(pull)),
      AcceptKind::Merged};
}

/// Where the base branch got the head: the merge commit if there is one, the head itself otherwise.
std::string where_merged(const git::Repository& repository, const git::ObjectId& base,
                         const git::ObjectId& head) {
  for (const git::CommitInfo& commit : repository.history(base, history_searched)) {
    const auto& parents = commit.parents;
    if (parents.size() > 1 && std::find(parents.begin() + 1, parents.end(), head) != parents.end())
      return commit.id.hex();
  }
  return head.hex();
}

store::PullRequestRecord record_merge(store::Store& store, const Clock& clock,
                                      const store::PullRequestRecord& pull, const git::ObjectId& head,
                                      const std::string& merge_commit) {
  store::PullRequestRecord record;
  store.update({fmt::format("{}: merge pull request {}", pull.changeling, pull.number),
                "pull.merge",
                {{"Changeling", pull.changeling}, {"Run", pull.run}}},
               [&](const store::Snapshot& snapshot, store::Change& change) {
                 record = require_pull_request(snapshot, pull.number);
                 if (record.state == store::PullRequestState::Merged) return;
                 record.state = store::PullRequestState::Merged;
                 record.head = head.hex();
                 record.merge_commit = merge_commit;
                 record.closed_at = record.updated_at = clock.now();
                 record.closed_by = fmt::format("{} <{}>", store.actor().name, store.actor().email);
                 store::write_pull_request(change, record);
               });
  return record;
}

}  // namespace

Acceptance accept_pull_request(git::Repository& repository, store::Store& store, const Clock& clock,
                               std::int64_t number) {
  // Two acceptances in one work tree would check out over each other.
  const auto lock = FileLock::acquire(repository.common_directory() / "changelings" / "accept.lock",
                                      std::chrono::seconds(30));
  if (!lock)
    throw Error(ErrorKind::Conflict, "another `review accept` is still running",
                "try again when it has ended");

  const store::PullRequestRecord pull = require_pull_request(store.snapshot(), number);
  if (pull.state == store::PullRequestState::Merged) return {pull, AcceptKind::AlreadyMerged, false};
  if (pull.state == store::PullRequestState::Closed) {
    throw Error(ErrorKind::Refused,
                fmt::format("pull request {} was rejected{}", number,
                            pull.close_reason.empty() ? "" : fmt::format(": {}", pull.close_reason)),
                fmt::format("to merge it all the same: git merge {}", pull.branch));
  }
  const git::ObjectId head = require_head(repository, pull);
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const git::ObjectId base = require_base(repository, pull);
    if (repository.is_ancestor(head, base)) {
      return {record_merge(store, clock, pull, head, where_merged(repository, base, head)),
              AcceptKind::AlreadyMerged, false};
    }
    const bool here = is_checked_out_here(repository, pull);
    const Target target = merged(repository, store, clock, pull, base, head);
    // Files before the branch: killed in between, the next attempt finds files that have the target's content
    // already and goes on. The other way round they would stay behind and look like a change that takes the
    // merge back.
    if (here) repository.update_work_tree(target.commit);
    const auto swapped =
        repository.compare_and_swap(branch_reference(pull.base), base, target.commit,
                                    fmt::format("changeling: merge pull request {}", number));
    if (swapped == git::SwapResult::Swapped) {
      return {record_merge(store, clock, pull, head, target.commit.hex()), target.kind, here};
    }
    if (here) {
      throw Error(
          ErrorKind::Conflict,
          fmt::format("somebody moved {} while its files were being updated in this work tree", pull.base),
          "look at `git status` before trying again");
    }
  }
  throw Error(ErrorKind::Conflict,
              fmt::format("{} kept moving; pull request {} was not merged", pull.base, number), "try again");
}

}  // namespace changeling::forge
