#include "forge/accept.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "forge/closing_words.hpp"
#include "forge/foreign_markdown.hpp"
#include "forge/local.hpp"
#include "forge/merged_by_hand.hpp"
#include "forge/missing_commits.hpp"
#include "forge/request_head.hpp"
#include "forge/work_trees.hpp"
#include "git/commit_message.hpp"
#include "git/held_object.hpp"
#include "git/locked_reference.hpp"
#include "git/merge.hpp"
#include "git/work_tree_update.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::forge {
namespace {

constexpr int most_attempts = 10;
constexpr auto lock_patience = std::chrono::seconds(1);
constexpr auto between_looks = std::chrono::milliseconds(20);

std::string branch_reference(const std::string& branch) {
  return "refs/heads/" + branch;
}

std::string fetch_hint(const AcceptPlace& place, const store::PullRequestRecord& pull) {
  return "fetch what is missing: " +
         fetch_command(place.repository, place.remote, {pull.head, pull.branch, pull.base});
}

/// The run that proposed it, if its checks failed; a record that cannot be read says nothing.
bool has_failed_checks(const AcceptPlace& place, const store::PullRequestRecord& pull) {
  bool failed = false;
  store::read_or_note(pull.run, nullptr, [&] {
    const auto run = store::read_run(place.store.snapshot(), pull.run);
    failed = run && run->outcome == store::Outcome::VerificationFailed;
  });
  return failed;
}

/// What is merged is what was checked and found good, or what somebody has looked at and names.
void require_wanted(const AcceptPlace& place, const store::PullRequestRecord& pull, const RequestHead& head) {
  const std::string with_it = fmt::format(
      "look at it: git changeling review show {0}; then: git changeling review accept {0} --head {1}",
      pull.number, head.commit->hex());
  if (place.head && place.repository.resolve_revision(*place.head) != head.commit)
    throw Error(ErrorKind::Refused,
                fmt::format("accepting pull request {} would merge {}, not {}", pull.number,
                            head.commit->short_hex(), shortened(*place.head)),
                with_it);
  if (place.head) return;
  if (has_failed_checks(place, pull))
    throw Error(ErrorKind::Refused, fmt::format("the checks of pull request {} failed", pull.number),
                with_it);
  if (head.kind != RequestHead::Kind::WithCommits) return;
  throw Error(
      ErrorKind::Refused,
      fmt::format("{} has commits that were not checked: it is at {}, and pull request {} proposes {}",
                  pull.branch, head.commit->short_hex(), pull.number, pull.head.substr(0, 10)),
      with_it);
}

git::ObjectId require_head(const AcceptPlace& place, const store::PullRequestRecord& pull) {
  const RequestHead head = request_head(place.repository, pull);
  if (!head.commit) {
    throw Error(ErrorKind::NotFound,
                fmt::format("commit {} of pull request {} is not in this repository", pull.head, pull.number),
                fetch_hint(place, pull));
  }
  require_wanted(place, pull, head);
  if (head.kind != RequestHead::Kind::Rewritten) return *head.commit;
  throw Error(ErrorKind::Conflict,
              fmt::format("{} was rewritten: it does not contain {} any more, which pull request {} proposes",
                          pull.branch, head.commit->short_hex(), pull.number),
              fmt::format("merge what is there now by hand: git merge {}", shell_quote(pull.branch)));
}

git::ObjectId require_base(const AcceptPlace& place, const store::PullRequestRecord& pull) {
  const git::Repository& repository = place.repository;
  if (const auto base = repository.resolve(branch_reference(pull.base))) return *base;
  for (const std::string& remote : repository.remotes()) {
    if (!repository.resolve(fmt::format("refs/remotes/{}/{}", remote, pull.base))) continue;
    throw Error(ErrorKind::Refused,
                fmt::format("the base branch {} exists here only as {}/{}", pull.base, remote, pull.base),
                fmt::format("make a local one first: git branch {} {}", shell_quote(pull.base),
                            shell_quote(fmt::format("{}/{}", remote, pull.base))));
  }
  throw Error(ErrorKind::NotFound, fmt::format("the base branch {} does not exist", pull.base),
              place.remote.empty()
                  ? fmt::format("make it, then: git changeling review accept {}", pull.number)
                  : fmt::format("fetch it: git fetch {0} {1}", shell_quote(place.remote),
                                shell_quote(fmt::format("{0}:{0}", pull.base))));
}

/// In a shallow clone the place where the branch left the base may lie beyond the boundary.
void require_common_commit(const AcceptPlace& place, const store::PullRequestRecord& pull,
                           const git::ObjectId& base, const git::ObjectId& head) {
  if (!place.repository.is_shallow() || place.repository.merge_base(base, head)) return;
  throw Error(
      ErrorKind::Refused,
      fmt::format("{} and {} have no common commit in this shallow clone", pull.base, head.short_hex()),
      fetch_hint(place, pull));
}

[[noreturn]] void refuse_operation(const WorkTreeOnBranch& tree, const store::PullRequestRecord& pull) {
  throw Error(ErrorKind::Refused,
              fmt::format("a {} is under way in {}, where {} is checked out", tree.operation,
                          tree.path.string(), pull.base),
              fmt::format("finish it (git {0} --continue) or give it up (git {0} --abort)", tree.operation));
}

[[noreturn]] void refuse_other_place(const WorkTreeOnBranch& tree, const store::PullRequestRecord& pull) {
  const std::string path = tree.path.string();
  const std::string quoted = shell_quote(path);
  switch (tree.place) {
    case WorkTreeOnBranch::Place::Absent:
      throw Error(ErrorKind::Refused,
                  fmt::format("{} is checked out in {}, which is not here but locked", pull.base, path),
                  fmt::format("accept it where that work tree is; if it is gone for good: git worktree "
                              "unlock {0} && git worktree prune",
                              quoted));
    case WorkTreeOnBranch::Place::Unknown:
      throw Error(
          ErrorKind::Refused,
          fmt::format("files of {} are checked out from {}, and git does not know where they are", pull.base,
                      path),
          fmt::format("accept it there: git --git-dir={0} --work-tree=FOLDER changeling review accept "
                      "{1}; if there are none any more: rm {0}/index",
                      quoted, pull.number));
    case WorkTreeOnBranch::Place::Opened:
    case WorkTreeOnBranch::Place::Other:
      break;
  }
  throw Error(ErrorKind::Refused, fmt::format("{} is checked out in another work tree, {}", pull.base, path),
              fmt::format("accept it there: git -C {} changeling review accept {}", quoted, pull.number));
}

/// Whether the base branch is checked out here. Throws when it may not be moved.
bool is_checked_out_here(const AcceptPlace& place, const store::PullRequestRecord& pull,
                         const std::string& reference) {
  bool here = false;
  for (const WorkTreeOnBranch& tree :
       work_trees_on(place.git, place.repository.common_directory(), place.work_tree, reference)) {
    if (!tree.operation.empty()) refuse_operation(tree, pull);
    if (tree.place != WorkTreeOnBranch::Place::Opened) refuse_other_place(tree, pull);
    here = true;
  }
  return here;
}

std::string merge_message(const store::PullRequestRecord& pull) {
  const auto plain = [](const std::string& text) { return without_mentions(without_closing_words(text)); };
  const std::string subject =
      fmt::format("Merge pull request {} of {}: {}", pull.number, pull.changeling, pull.title);
  return git::commit_message(plain(subject), plain(fmt::format("Merges {} into {}.", pull.branch, pull.base)),
                             {{"Changeling", pull.changeling}, {"Changeling-Run", pull.run}});
}

[[noreturn]] void explain_conflicts(const store::PullRequestRecord& pull,
                                    const std::vector<std::string>& paths) {
  throw Error(
      ErrorKind::Conflict,
      fmt::format("pull request {} conflicts with {} in: {}", pull.number, pull.base, join(paths, ", ")),
      fmt::format(
          "nothing was changed; merge by hand (git switch {} && git merge {}), or bring it up to date: "
          "git changeling run {}",
          shell_quote(pull.base), shell_quote(pull.branch), shell_quote(pull.changeling)));
}

/// merge.ff as git-merge(1) reads it.
enum class FastForward { Allowed, Never, Only };
FastForward fast_forward_rule(const git::Repository& repository) {
  if (repository.config("merge.ff") == "only") return FastForward::Only;
  return repository.config_bool("merge.ff", true) ? FastForward::Allowed : FastForward::Never;
}

/// The commit the base branch is to have. Writes objects only.
struct Target {
  git::ObjectId commit;
  AcceptKind kind;
  std::shared_ptr<const git::HeldObject> held = {};  ///< A commit that the branch does not lead to yet.
};
Target merged(const AcceptPlace& place, const store::PullRequestRecord& pull, const git::ObjectId& base,
              const git::ObjectId& head, bool here) {
  const std::filesystem::path& common = place.repository.common_directory();
  git::MergeResult result = git::merge(place.git, common, base, head, here ? place.work_tree : std::nullopt);
  const FastForward rule = fast_forward_rule(place.repository);
  if (result.kind == git::MergeResult::Kind::AlreadyMerged) return {base, AcceptKind::AlreadyMerged};
  if (result.kind == git::MergeResult::Kind::Conflicts) explain_conflicts(pull, result.conflicting_paths);
  if (result.kind == git::MergeResult::Kind::FastForward) {
    if (rule != FastForward::Never) return {head, AcceptKind::FastForward};
    result.tree = place.repository.commit(head).tree;
  } else if (rule == FastForward::Only) {
    throw Error(
        ErrorKind::Refused, fmt::format("{} has moved on, and merge.ff allows no merge commit", pull.base),
        fmt::format("bring the request up to date: git changeling run {}", shell_quote(pull.changeling)));
  }
  if (!result.tree) throw Error(ErrorKind::Internal, "a merge without conflicts has no tree");
  git::HeldCommit made = git::create_held_commit(
      place.repository, place.git,
      {*result.tree, {base, head}, place.store.actor(), place.clock.now(), merge_message(pull)});
  return {std::move(made.id), AcceptKind::Merged, std::move(made.held)};
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

/// git's lock on a branch: one that stays would stop us only after the files are written.
void wait_for_lock_of(const std::string& reference, const AcceptPlace& place,
                      const store::PullRequestRecord& pull) {
  const std::filesystem::path lock = place.repository.common_directory() / (reference + ".lock");
  const auto until = std::chrono::steady_clock::now() + lock_patience;
  while (std::filesystem::exists(std::filesystem::symlink_status(lock))) {
    if (std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(between_looks);
      continue;
    }
    throw Error(ErrorKind::Conflict,
                fmt::format("another git command is at work on {}: {} exists", pull.base, lock.string()),
                fmt::format("nothing was changed; wait until it has ended, or if none runs: rm {}; then: git "
                            "changeling review accept {}",
                            shell_quote(lock.string()), pull.number));
  }
}

/// Moves the base branch, and the files with it where it is checked out here; false when it was moved by
/// somebody else meanwhile.
bool move_base(const AcceptPlace& place, const std::string& reference, const git::ObjectId& base,
               const Target& target, std::int64_t number, Acceptance& acceptance) {
  const auto swap = [&] {
    return place.repository.compare_and_swap(reference, base, target.commit,
                                             fmt::format("changeling: merge pull request {}", number)) ==
           git::SwapResult::Swapped;
  };
  if (!acceptance.work_tree_updated) return swap();
  // Files before the branch: killed in between, the next attempt finds files that have the target's content
  // already and goes on. The other way round they would stay behind and look like a change that takes the
  // merge back.
  git::WorkTreeUpdate update(place.git, *place.work_tree, place.repository.common_directory(), base,
                             target.commit);
  update.write();
  try {
    if (!swap()) {
      update.take_back();
      return false;
    }
  } catch (const git::LockedReference&) {
    update.take_back();
    throw;
  }
  update.finish();
  acceptance.submodules = update.submodules();
  return true;
}

/// What is recorded as merged may have been taken out of the base branch since, or not have come into it
/// here.
void require_still_merged(const AcceptPlace& place, const store::PullRequestRecord& pull) {
  const auto base = place.repository.resolve(branch_reference(pull.base));
  const auto merge = place.repository.resolve_revision(pull.merge_commit);
  // What a shallow clone does not have may still be in the base.
  const bool shallow = std::filesystem::exists(place.repository.common_directory() / "shallow");
  if (!base || (!merge && shallow) || (merge && place.repository.is_ancestor(*merge, *base))) return;
  const std::string there = pull.merge_commit.substr(0, 10);
  throw Error(ErrorKind::Refused,
              fmt::format("pull request {} was merged as {}, but {} does not contain that here", pull.number,
                          there, pull.base),
              merge ? fmt::format("to merge it again: git switch {} && git merge {}", shell_quote(pull.base),
                                  shell_quote(there))
                    : fmt::format("bring {} up to date: git switch {} && git pull", pull.base,
                                  shell_quote(pull.base)));
}

/// The base as it was last seen on its remote. Nothing where that is not known, and in a shallow clone, whose
/// history ends before one can tell which of two commits contains the other.
std::optional<git::ObjectId> remote_base(const AcceptPlace& place, const std::string& base) {
  if (place.remote.empty() || place.repository.is_shallow()) return std::nullopt;
  return place.repository.resolve(fmt::format("refs/remotes/{}/{}", place.remote, base));
}

bool have_parted(const git::Repository& repository, const git::ObjectId& one, const git::ObjectId& other) {
  return !repository.is_ancestor(one, other) && !repository.is_ancestor(other, one);
}

/// A branch may have been rewritten to get rid of something, here or on the remote; no merge brings it back
/// unasked.
void require_one_history(const AcceptPlace& place, const store::PullRequestRecord& pull,
                         const git::ObjectId& base, const git::ObjectId& head) {
  const git::Repository& repository = place.repository;
  const auto there = remote_base(place, pull.base);
  const auto began = repository.resolve_revision(pull.base_commit);
  const auto holds_start = [&](const git::ObjectId& tip) { return repository.is_ancestor(*began, tip); };
  if (began && !repository.is_shallow() && !holds_start(base) && !(there && holds_start(*there))) {
    throw Error(ErrorKind::Conflict,
                fmt::format("pull request {} began at commit {}, which {} does not hold any more; accepting "
                            "it would bring back what was taken out",
                            pull.number, began->short_hex(), pull.base),
                fmt::format("have it made anew: git changeling run {0}; or take its own commits alone, and "
                            "close it: git switch {1} && git cherry-pick {2}..{3} && git changeling review "
                            "reject {4}",
                            shell_quote(pull.changeling), shell_quote(pull.base), began->short_hex(),
                            shell_quote(pull.branch), pull.number));
  }
  if (!there || !have_parted(repository, base, *there)) return;
  const auto fork = repository.merge_base(head, *there);
  if (!fork || repository.is_ancestor(*fork, base)) return;
  throw Error(
      ErrorKind::Conflict,
      fmt::format("{0} here and {1}/{0} have gone different ways, and pull request {2} began on {1}'s; "
                  "accepting it would join them, with all that {1}'s may have been rewritten to get rid of",
                  pull.base, place.remote, pull.number),
      fmt::format("see both: git log --left-right {0}...{1}/{0}; keep what is yours: git switch {0} && git "
                  "pull --rebase {1} {0}; or give it up: git reset --keep {1}/{0}",
                  shell_quote(pull.base), shell_quote(place.remote)));
}

Acceptance accept_open(const AcceptPlace& place, const store::PullRequestRecord& pull) {
  const git::ObjectId head = require_head(place, pull);
  const std::string reference =
      end_of_symbolic(place.git, place.repository.common_directory(), branch_reference(pull.base));
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const git::ObjectId base = require_base(place, pull);
    if (place.repository.is_ancestor(head, base)) {
      if (place.work_tree) git::WorkTreeUpdate::remove_remains(*place.work_tree);
      return {record_merge(place.store, place.clock, pull, head,
                           where_merged(place.repository, place.git, head, base).value_or(head).hex()),
              AcceptKind::AlreadyMerged, false};
    }
    require_common_commit(place, pull, base, head);
    require_one_history(place, pull, base, head);
    Acceptance acceptance;
    acceptance.work_tree_updated = is_checked_out_here(place, pull, reference);
    const Target target =
        git::make_despite_gc([&] { return merged(place, pull, base, head, acceptance.work_tree_updated); });
    wait_for_lock_of(reference, place, pull);
    if (!move_base(place, reference, base, target, pull.number, acceptance)) continue;
    acceptance.kind = target.kind;
    acceptance.pull = record_merge(place.store, place.clock, pull, head, target.commit.hex());
    return acceptance;
  }
  throw Error(ErrorKind::Conflict,
              fmt::format("{} kept moving; pull request {} was not merged", pull.base, pull.number),
              "try again");
}

std::filesystem::path lock_of_acceptances(const git::Repository& repository) {
  return repository.common_directory() / "changelings" / "accept.lock";
}

}  // namespace

std::optional<std::filesystem::path> remains_of_acceptance(const git::Repository& repository,
                                                           const std::optional<git::WorkTree>& work_tree) {
  if (!work_tree || is_locked(lock_of_acceptances(repository))) return std::nullopt;
  return git::WorkTreeUpdate::journal(*work_tree);
}

bool has_parted_from_remote(const AcceptPlace& place, const std::string& base) {
  const auto here = place.repository.resolve(branch_reference(base));
  const auto there = remote_base(place, base);
  return here && there && have_parted(place.repository, *here, *there);
}

Acceptance accept_pull_request(const AcceptPlace& place, std::int64_t number) {
  // Two acceptances in one work tree would check out over each other.
  const auto lock = FileLock::acquire(lock_of_acceptances(place.repository), std::chrono::seconds(30));
  if (!lock)
    throw Error(ErrorKind::Conflict, "another `review accept` is still running",
                "try again when it has ended");

  const store::PullRequestRecord pull = require_pull_request(place.store.snapshot(), number);
  if (pull.state == store::PullRequestState::Merged) {
    require_still_merged(place, pull);
    if (place.work_tree) git::WorkTreeUpdate::remove_remains(*place.work_tree);
    return {pull, AcceptKind::AlreadyMerged, false};
  }
  if (pull.state == store::PullRequestState::Closed) {
    throw Error(ErrorKind::Refused,
                fmt::format("pull request {} was rejected{}", number,
                            pull.close_reason.empty() ? "" : fmt::format(": {}", pull.close_reason)),
                fmt::format("to merge it all the same: git merge {}", shell_quote(pull.branch)));
  }
  return accept_open(place, pull);
}

}  // namespace changeling::forge
