#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "git/object_id.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::git {

/// The git program, for what needs the user's credentials or what libgit2 lacks: fetch, push, worktrees.
/// Variables that a hook's git sets (GIT_DIR, GIT_INDEX_FILE, …) are removed, and git never prompts unless
/// a person is watching.
class GitProgram {
 public:
  /// `repository` is the folder to run in when a call names none. With Session::Shared a person is at the
  /// terminal, and git, its helpers and ssh may ask for passwords.
  GitProgram(ProcessRunner& runner, Environment environment, std::filesystem::path repository,
             Session session = Session::Own);

  /// Runs `git ARGUMENTS…`; an exit code other than 0 is the caller's to judge.
  ProcessResult run(std::vector<std::string> arguments, const std::filesystem::path& directory = {},
                    std::chrono::milliseconds time_limit = std::chrono::milliseconds(0),
                    const std::string& standard_input = "") const;
  /// As run, but throws Error(External) with git's last lines unless git ended with 0. Returns its output
  /// without the final newline.
  std::string check(std::vector<std::string> arguments, const std::filesystem::path& directory = {}) const;

  /// Nothing on success, else what git said. Only updates the remote-tracking references.
  std::optional<std::string> fetch(const std::string& remote, const std::vector<std::string>& refspecs,
                                   std::chrono::milliseconds time_limit) const;

  /// The same program in `directory`, where it also sees `variables`: GIT_DIR, GIT_INDEX_FILE and the like,
  /// which are never taken from outside.
  GitProgram with(const std::map<std::string, std::string>& variables,
                  const std::filesystem::path& directory) const;

  enum class PushOutcome { Done, Rejected, Failed };
  struct PushResult {
    PushOutcome outcome = PushOutcome::Done;
    std::string message;  ///< What git and the server said; empty on success.
  };
  /// Puts `commit` on `branch` of the remote, without force unless `replaces` is given: then only if the
  /// branch still is at that commit. Rejected: the remote has something else there. The user's pre-push hook
  /// is not run.
  PushResult push(const std::string& remote, const ObjectId& commit, const std::string& branch,
                  const std::optional<ObjectId>& replaces = std::nullopt) const;
  /// The same for a reference by its full name. `time_limit` zero means none.
  PushResult push_reference(const std::string& remote, const ObjectId& commit, const std::string& reference,
                            const std::optional<ObjectId>& replaces,
                            std::chrono::milliseconds time_limit) const;

  enum class Transfer { Fetch, Push };
  /// Called a few times a second while a transfer takes its time, with how long it has; and once, with
  /// nothing, when it is over.
  using OnTransfer =
      std::function<void(Transfer, const std::string& remote, std::optional<std::chrono::milliseconds>)>;
  void watch_transfers(OnTransfer on_transfer) { on_transfer_ = std::move(on_transfer); }

  const Environment& environment() const { return environment_; }

 private:
  Command command_for(std::vector<std::string> arguments) const;
  ProcessResult run_transfer(Transfer transfer, const std::string& remote, std::vector<std::string> arguments,
                             std::chrono::milliseconds time_limit) const;

  ProcessRunner& runner_;
  Environment environment_;
  std::filesystem::path repository_;
  Session session_;
  OnTransfer on_transfer_;
};

/// The variables of `environment` without those that tie git to one repository or index
/// (`git rev-parse --local-env-vars`) and without GIT_EDITOR-like prompts.
Environment without_repository_variables(const Environment& environment);

}  // namespace changeling::git
