#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "project/services.hpp"
#include "run/inner_repositories.hpp"
#include "run/submodule_pointers.hpp"
#include "run/worktree_head.hpp"

namespace changeling::run {

/// The worktree of one run: outside the user's work tree, on a branch of its own, added and removed one at a
/// time. The user's index, branch and files are never touched.
class Workspace {
 public:
  /// Makes the worktree at Places::worktree(run_id) with `branch` at `start`.
  static Workspace create(const project::Services& services, const std::string& run_id,
                          const std::string& branch, const git::ObjectId& start);
  /// The worktree that an earlier process made for the run, or nothing when it is not there.
  static std::optional<Workspace> find(const project::Services& services, const std::string& run_id,
                                       const std::string& branch);

  const std::filesystem::path& path() const { return path_; }
  const std::string& branch() const { return branch_; }
  std::filesystem::path scratch() const { return path_ / project::scratch_folder; }
  std::filesystem::path artifacts() const { return scratch() / "artifacts"; }

  /// Makes git ignore the scratch folder and `copied`, besides what the user's own core.excludesFile says.
  void write_excludes(const std::vector<std::string>& copied) const;
  /// Copies untracked files and folders from the user's work tree. Missing ones are left out, as are sockets
  /// and the like; a path that
  /// leaves the work tree throws Error(Refused).
  void copy_from(const std::filesystem::path& work_tree, const std::vector<std::string>& paths) const;
  /// Throws Error(Refused) when the branch itself has something else in the scratch folder's place.
  void write_scratch(const std::string& name, const std::string& content) const;

  /// Whether its folder is not there any more; nothing below can be asked then.
  bool is_gone() const;
  /// Where HEAD is now.
  git::ObjectId head() const;
  /// Detaches HEAD where it is when the agent has gone to a branch that is not the run's.
  void leave_other_branch() const;
  /// Brings the run's branch back where it was when somebody, such as a fetch that prunes in a mirror, has
  /// removed it below the agent. Nothing happens when HEAD is anywhere else.
  void restore_branch() const;
  /// A sentence when the worktree is in the middle of a merge, rebase, cherry-pick or revert.
  std::optional<std::string> unfinished_operation() const;
  /// Whether the `git worktree add` that makes it was cut off: no agent has been in it.
  bool is_half_made() const;
  /// Commits what is not committed yet, without running hooks; returns whether there was anything. To be
  /// called once the agent and all it started have ended: locks it left are removed. Repositories inside the
  /// worktree stay where they are, uncommitted; of a submodule's new commit the pointer is taken only when
  /// others can get that commit.
  bool commit_leftovers(const std::string& message) const;
  /// Puts the commits that only repositories inside the worktree have where they outlive it.
  std::vector<KeptCommit> keep_inner_commits() const { return inner().keep(); }
  /// A sentence when the work since `start` needs a submodule's commit that others cannot get.
  std::optional<std::string> unpublished_submodule(const git::ObjectId& start) const;
  /// What is not committed in the submodules of the branch, at any depth.
  std::vector<UncommittedFile> uncommitted_in_submodules() const;
  /// Takes back what is not committed, but for ignored files and repositories inside the worktree. For what
  /// checks leave behind after all work has been committed.
  void discard_changes() const;
  /// Files of the scratch folder or of `copied` that commits between `start` and HEAD contain.
  std::vector<std::string> committed_private_files(const git::ObjectId& start,
                                                   const std::vector<std::string>& copied) const;

  /// Removes the worktree after proof that nothing would be lost: everything is committed, in repositories
  /// inside of it as well, and the commit is on `kept_commit`'s history, or it is only half made. Otherwise
  /// leaves it and returns why.
  std::optional<std::string> remove(const std::optional<git::ObjectId>& kept_commit) const;

 private:
  Workspace(const project::Services& services, std::string run_id, std::string branch);
  /// After a create() that failed halfway: nothing is left of it.
  void take_back(const git::ObjectId& start) const;
  void check_out_everything() const;
  /// Runs git on this worktree whatever the agent has done to its .git file, without hooks.
  ProcessResult git(std::vector<std::string> arguments) const;
  std::string checked_git(const std::vector<std::string>& arguments) const;
  /// "refs/heads/…"; empty when HEAD is detached.
  std::string checked_out() const;
  /// Those in the index; git is asked again when that was written since.
  const std::vector<SubmoduleLink>& links() const;
  void remove_stale_locks() const;
  /// `staged` is the raw difference of the index to HEAD.
  void unstage_unpublished_pointers(const std::string& staged) const;
  InnerRepositories inner() const { return {*services_, run_id_, path_, administration_}; }
  SubmodulePointers pointers(const InnerRepositories& inner) const;
  std::optional<std::string> what_would_be_lost(const std::optional<git::ObjectId>& kept_commit) const;

  const project::Services* services_;
  std::string run_id_;
  std::string branch_;
  std::filesystem::path path_;
  std::filesystem::path administration_;  ///< <common>/worktrees/RUN-ID
  struct KnownLinks {
    FileMark index;
    std::vector<SubmoduleLink> links;
  };
  mutable std::optional<KnownLinks> known_links_;
};

}  // namespace changeling::run
