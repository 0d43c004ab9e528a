#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "git/foreign_repository.hpp"
#include "project/services.hpp"

namespace changeling::run {

/// A repository inside a run's worktree: a submodule, at any depth, or one that the agent cloned or made.
struct InnerRepository {
  /// Where its files lie, relative to the worktree. For a submodule whose files are gone, the place of its
  /// git folder.
  std::string path;
  std::filesystem::path git_folder;
  /// What it says of itself; nothing when it cannot be read, and then nobody can tell what would be lost.
  std::optional<git::ForeignRepository> content;
  std::filesystem::path view;  ///< A git directory of ours that shows it; empty when it cannot be read.
};

/// What an index says about a submodule.
struct SubmoduleLink {
  std::string path;
  git::ObjectId commit;
};
/// From `git ls-files --stage -z`.
std::vector<SubmoduleLink> read_links(const std::string& stage);

/// A commit that only a repository inside the worktree had, and where it is now.
struct KeptCommit {
  std::string path;  ///< Of the repository, relative to the worktree.
  git::ObjectId commit;
  std::filesystem::path git_folder;  ///< The user's submodule, else the user's repository itself.
  std::string reference;             ///< "refs/changelings/kept/RUN/…" in `git_folder`.
};

/// A file with uncommitted changes, or a new one.
struct UncommittedFile {
  std::string repository;  ///< Its path, relative to the worktree.
  std::string entry;       ///< As `git status --porcelain -z` names it.
  bool operator==(const UncommittedFile& other) const = default;
};

/// The repositories inside one room, and that of the room itself, whose path is ".". They go with it, so what
/// is only in them is put elsewhere first. They are read as data: configuration of theirs, which the agent
/// may have written, means nothing.
class InnerRepositories {
 public:
  /// `administration` is the git directory of the room, where git keeps its submodules. `known` are commits
  /// of the room's own repository that the user's has and keeps.
  InnerRepositories(const project::Services& services, std::string run_id, std::filesystem::path worktree,
                    std::filesystem::path administration, std::vector<git::ObjectId> known = {});

  /// Puts every commit that no remote of its repository is known to have (HEAD, branches, stashes) on a
  /// reference named after the run. Can be repeated. What cannot be kept is not in the answer; then
  /// what_would_be_lost() names it.
  std::vector<KeptCommit> keep() const;

  /// The repository at this path, or nothing.
  std::optional<InnerRepository> at(const std::string& path) const;
  std::optional<git::ObjectId> head_of(const InnerRepository& inner) const;
  std::vector<SubmoduleLink> links_of(const InnerRepository& inner) const;
  /// Whether the repository's origin has this commit, as far as is known here.
  bool is_published(const InnerRepository& inner, const git::ObjectId& commit) const;

  /// A sentence when removing the worktree would lose a commit, or changed or new files of a repository at
  /// one of `paths` or inside of those. What is in ignored folders counts as far as it is committed.
  std::optional<std::string> what_would_be_lost(const std::vector<std::string>& paths) const;

  /// What is not committed in the repository at this path, and in those inside of it. One whose status cannot
  /// be told has an entry that says so.
  std::vector<UncommittedFile> uncommitted_files(const std::string& path) const;

  /// What `git status --porcelain -z --untracked-files=all` has found: repositories that are not of the
  /// branch, and whether there is anything else.
  struct Status {
    bool has_changes = false;
    std::vector<std::string> repositories;
  };
  static Status read_status(const std::string& status);

 private:
  struct Tip {
    std::string name;
    git::ObjectId commit;
  };
  std::vector<InnerRepository> find() const;
  std::optional<InnerRepository> open(const std::filesystem::path& git_entry, const std::string& path) const;
  /// Whether it is the room's own, or a work tree that the agent has added to that.
  bool is_rooms(const InnerRepository& inner) const;
  /// The commits that it holds by itself.
  std::vector<Tip> tips(const InnerRepository& inner) const;
  bool is_shared(const InnerRepository& inner, const git::ObjectId& commit) const;
  /// The commits of a repository that nobody else is known to have.
  std::vector<Tip> unshared_tips(const InnerRepository& inner) const;
  std::filesystem::path keeper_of(const InnerRepository& inner) const;
  std::optional<KeptCommit> kept(const InnerRepository& inner, const git::ObjectId& commit) const;
  std::optional<KeptCommit> keep(const InnerRepository& inner, const Tip& tip) const;
  std::optional<std::string> uncommitted(const std::string& path) const;
  ProcessResult status_of(const InnerRepository& inner) const;
  /// The repositories inside of one, as its status and its index tell.
  std::vector<std::string> inside_of(const InnerRepository& inner, const Status& status) const;
  /// Gives the view an index that has what its HEAD has: marks in the repository's own can hide files.
  void fill_index(const InnerRepository& inner) const;
  /// `directory` is a view, or a repository of the user's.
  ProcessResult git(const std::filesystem::path& directory, const std::string& path,
                    std::vector<std::string> arguments) const;

  const project::Services& services_;
  std::string run_id_;
  std::filesystem::path worktree_;
  std::filesystem::path administration_;
  std::vector<git::ObjectId> known_;
};

/// One sentence that says where the commits are, or an empty text for none.
std::string describe(const std::vector<KeptCommit>& kept);

}  // namespace changeling::run
