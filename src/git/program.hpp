#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "git/clean_environment.hpp"
#include "git/new_commit.hpp"
#include "git/object_id.hpp"
#include "git/repository_place.hpp"
#include "git/sealed_repository.hpp"
#include "support/environment.hpp"
#include "support/interruption.hpp"
#include "support/process.hpp"

namespace changeling::git {

/// How much a fetch brings along. Beyond what the configuration says, a state that is to be read offline
/// needs all of it.
struct FetchScope {
  bool all_history = false;  ///< In a shallow repository: deepen what is fetched, and nothing else.
  bool all_objects = false;  ///< In a partial clone: without its filter.
  bool again = false;        ///< Ask for objects that git believes it has (git 2.36).
};

/// Whether the commits that we make are signed: changeling.sign.
enum class Signing { Off, On };

/// The git program, for what needs the user's credentials, obeys the user's configuration, or what libgit2
/// lacks: fetch, push, worktrees, commits on branches. Variables of repositories are removed
/// (clean_environment.hpp), and git never prompts unless a person is watching. No hook runs, no file-system
/// monitor is asked, and no object is replaced by another one (git-replace(1)).
class GitProgram {
 public:
  /// `repository` is the folder to run in when a call names none. With Session::Shared a person is at the
  /// terminal, and git, its helpers and ssh may ask for passwords.
  GitProgram(ProcessRunner& runner, Environment environment, std::filesystem::path repository,
             Session session = Session::Own);

  /// From now on a call that names no folder works in this repository, whatever git would find by itself.
  void use(RepositoryPlace place) { place_ = std::move(place); }
  /// Until the result goes, git works for calls that name no folder through `sealed`, in this program and in
  /// all its copies, and reads no configuration but that one's.
  [[nodiscard]] std::shared_ptr<void> seal(SealedRepository sealed) const;
  void sign_commits(Signing signing) { signing_ = signing; }
  Signing signing() const { return signing_; }

  /// Runs `git ARGUMENTS…`; an exit code other than 0 is the caller's to judge.
  ProcessResult run(std::vector<std::string> arguments, const std::filesystem::path& directory = {},
                    std::chrono::milliseconds time_limit = std::chrono::milliseconds(0),
                    const std::string& standard_input = "") const;
  /// As run, for a program that opens other repositories besides: no variable names this one, it is found
  /// from a folder.
  ProcessResult run_from_folder(std::vector<std::string> arguments, std::chrono::milliseconds time_limit,
                                const std::string& standard_input) const;
  /// As run, but throws Error(External) with git's last lines unless git ended with 0. Returns its output
  /// without the final newline.
  std::string check(std::vector<std::string> arguments, const std::filesystem::path& directory = {}) const;

  /// Nothing on success, else what git said. Moves the references on the right of `refspecs` and no others,
  /// whatever is configured for the remote. Like every transfer it throws Error(Interrupted) when it was
  /// ended by interrupt_by().
  std::optional<std::string> fetch(const std::string& remote, const std::vector<std::string>& refspecs,
                                   std::chrono::milliseconds time_limit, const FetchScope& scope = {}) const;

  /// Takes `commit` with its history out of the repository in `folder`, which may be an agent's: each object
  /// is checked, and nothing but files is read. `reference` of this repository is moved there. Nothing on
  /// success, else what git said.
  std::optional<std::string> take(const std::filesystem::path& folder, const ObjectId& commit,
                                  const std::string& reference) const;

  /// Declined: the remote has understood, and a hook or a rule of it forbids the push for good.
  enum class PushOutcome { Done, Rejected, Declined, Failed };
  /// Asks a remote something, such as ls-remote, with the limits of a transfer and interrupted as one.
  ProcessResult ask(const std::string& remote, std::vector<std::string> arguments,
                    std::chrono::milliseconds time_limit) const;

  /// The same program in `directory`, where it sees `variables` instead of the place it was told: GIT_DIR,
  /// GIT_INDEX_FILE and the like, which are never taken from outside.
  GitProgram with(const std::map<std::string, std::string>& variables,
                  const std::filesystem::path& directory) const;

  /// The same program in the same place, with more variables.
  GitProgram with(const std::map<std::string, std::string>& variables) const;

  struct PushResult {
    PushOutcome outcome = PushOutcome::Done;
    std::string message;  ///< What git and the server said; empty on success.
  };
  /// Puts `commit` on `branch` of the remote, without force unless `replaces` is given: then only if the
  /// branch still is at that commit. Rejected: the remote has something else there. The user's pre-push hook
  /// is not run. Takes half an hour at most.
  PushResult push(const std::string& remote, const ObjectId& commit, const std::string& branch,
                  const std::optional<ObjectId>& replaces = std::nullopt) const;
  /// The same for a reference by its full name, which is no branch of code: without the user's push options.
  /// `time_limit` zero means half an hour.
  PushResult push_reference(const std::string& remote, const ObjectId& commit, const std::string& reference,
                            const std::optional<ObjectId>& replaces,
                            std::chrono::milliseconds time_limit) const;

  /// Makes a commit with `git commit-tree`, signed if commits are: with the user's key and gpg.format. Throws
  /// Error(External) with git's words, and nothing is made.
  ObjectId create_commit(const NewCommit& commit) const;

  enum class Transfer { Fetch, Push };
  /// Called a few times a second while a transfer takes its time, with how long it has; and once, with
  /// nothing, when it is over.
  using OnTransfer =
      std::function<void(Transfer, const std::string& remote, std::optional<std::chrono::milliseconds>)>;
  void watch_transfers(OnTransfer on_transfer) { on_transfer_ = std::move(on_transfer); }
  /// From now on fetch and push end when `interruption`, which must outlive this, says so.
  void interrupt_by(const Interruption& interruption) { interruption_ = &interruption; }

  const Environment& environment() const { return environment_; }

 private:
  /// What ties a command to the repository in use.
  void place(Environment& environment) const;
  /// No configuration but the sealed one, where there is one.
  void keep_to_seal(Environment& environment) const;
  Command command_for(std::vector<std::string> arguments, const std::filesystem::path& directory = {}) const;
  PushResult push_to(const std::string& remote, const ObjectId& commit, const std::string& reference,
                     const std::optional<ObjectId>& replaces, std::chrono::milliseconds time_limit,
                     bool with_push_options) const;
  ProcessResult run_transfer(Transfer transfer, const std::string& remote, std::vector<std::string> arguments,
                             std::chrono::milliseconds time_limit) const;

  ProcessRunner& runner_;
  Environment environment_;
  std::filesystem::path repository_;
  Session session_;
  RepositoryPlace place_;  ///< Empty paths: git looks for the repository from repository_.
  Signing signing_ = Signing::Off;
  std::shared_ptr<std::optional<SealedRepository>> sealed_ =
      std::make_shared<std::optional<SealedRepository>>();
  OnTransfer on_transfer_;
  const Interruption* interruption_ = nullptr;
};

}  // namespace changeling::git
