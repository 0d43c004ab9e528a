#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "project/services.hpp"
#include "run/file_mark.hpp"
#include "run/inner_repositories.hpp"
#include "run/submodule_pointers.hpp"

namespace changeling::run {

/// The room of one run: a folder outside the user's work tree with a repository of its own (room.hpp), and
/// the git directory through which we look at it. What the agent does to its repository cannot reach the
/// user's; it is taken from there as data. The user's index, branches and files are never touched, but for
/// the run's branch.
class Workspace {
 public:
  /// Makes the room at Places::worktree(run_id) with `branch` at `start`, and the branch in the user's
  /// repository. `base` is what the branch is for.
  static Workspace create(const project::Services& services, const std::string& run_id,
                          const std::string& branch, const git::ObjectId& start, const std::string& base = "",
                          const std::optional<git::ObjectId>& base_commit = std::nullopt);
  /// The room that an earlier process made for the run, or nothing when it is not there.
  static std::optional<Workspace> find(const project::Services& services, const std::string& run_id,
                                       const std::string& branch);

  const std::filesystem::path& path() const { return path_; }
  const std::string& branch() const { return branch_; }
  std::filesystem::path scratch() const { return path_ / project::scratch_folder; }
  std::filesystem::path artifacts() const { return scratch() / "artifacts"; }
  std::filesystem::path questions() const { return scratch() / "questions"; }

  /// Makes git ignore the scratch folder and `copied`, besides what the user's core.excludesFile and
  /// info/exclude say.
  void write_excludes(const std::vector<std::string>& copied) const;
  /// Copies untracked files and folders from the user's work tree. Missing ones are left out, as are sockets
  /// and the like; a path that
  /// leaves the work tree throws Error(Refused).
  void copy_from(const std::filesystem::path& work_tree, const std::vector<std::string>& paths) const;
  /// Writes the files of sub-agents and skills, which collect() takes away again; see place_equipment.
  void place(const std::map<std::string, std::string>& files, const std::vector<std::string>& paths) const;
  /// Throws Error(Refused) when the branch itself has something else in the scratch folder's place.
  void write_scratch(const std::string& name, const std::string& content) const;

  /// Whether its folder is not there any more, or has nothing in it, not even .git; nothing below can be
  /// asked then.
  bool is_gone() const;
  /// Brings the commits that the agent has made into the user's repository, checked, and makes them what
  /// head() is; what was placed goes. To be called once the agent and all it started have ended. Throws
  /// Error(External) when git does not take them.
  void collect() const;
  /// Where the work is, as far as it has been collected or committed here.
  git::ObjectId head() const;
  /// The commit of the run's branch that the agent left and went on without; after collect().
  const std::optional<git::ObjectId>& left_behind() const { return left_behind_; }
  /// A sentence when the worktree is in the middle of a merge, rebase, cherry-pick or revert.
  std::optional<std::string> unfinished_operation() const;
  /// Whether its making was cut off: no agent has been in it.
  bool is_half_made() const;
  /// Commits what is not committed yet, without running hooks; returns whether there was anything. To be
  /// called after collect(): what marks in the agent's index hide is seen. Repositories inside the
  /// worktree stay where they are, uncommitted; of a submodule's new commit the pointer is taken only when
  /// others can get that commit.
  bool commit_leftovers(const std::string& message) const;
  /// Puts the commits that only repositories inside the worktree have where they outlive it.
  std::vector<KeptCommit> keep_inner_commits() const { return inner().keep(); }
  /// A sentence when the work since `start` needs a submodule's commit that others cannot get.
  std::optional<std::string> unpublished_submodule(const git::ObjectId& start) const;
  /// What is not committed in the submodules of the branch, at any depth.
  std::vector<UncommittedFile> uncommitted_in_submodules() const;
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
  /// Our git on the files of the room, as the actor.
  ProcessResult git(std::vector<std::string> arguments) const;
  std::string checked_git(const std::vector<std::string>& arguments) const;
  void set_head(const git::ObjectId& commit) const;
  /// Keeps what the room borrows, and what was taken from it, from being pruned.
  std::string borrowed_reference(const std::string& name) const;
  bool has_gone_on_from(const git::ObjectId& agents_head, const git::ObjectId& own_head) const;
  /// Puts a commit that is here into the user's repository, checked, at borrowed_reference(name).
  void hand_over(const std::string& name, const git::ObjectId& commit) const;
  /// Our own files of the room, which is gone.
  void forget() const;
  /// Those in the index; git is asked again when that was written since.
  const std::vector<SubmoduleLink>& links() const;
  /// `staged` is the raw difference of the index to HEAD.
  void unstage_unpublished_pointers(const std::string& staged) const;
  InnerRepositories inner() const;
  SubmodulePointers pointers(const InnerRepositories& inner) const;
  std::optional<std::string> what_would_be_lost(const std::optional<git::ObjectId>& kept_commit) const;

  const project::Services* services_;
  std::string run_id_;
  std::string branch_;
  std::filesystem::path path_;
  std::filesystem::path own_;     ///< RunFiles::git()
  std::filesystem::path agents_;  ///< The repository of whoever works there.
  mutable std::optional<git::ObjectId> left_behind_;
  struct KnownLinks {
    FileMark index;
    std::vector<SubmoduleLink> links;
  };
  mutable std::optional<KnownLinks> known_links_;
};

}  // namespace changeling::run
