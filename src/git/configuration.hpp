#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "git/ask_git.hpp"
#include "git/handles.hpp"

namespace changeling::git {

/// The configuration as `git config --list` tells it. libgit2 reads the files where that is the same and
/// costs no process; it is not with conditional includes (it knows no hasconfig), extensions.worktreeConfig,
/// GIT_CONFIG_SYSTEM, and a git whose system-wide file is not /etc/gitconfig: then git is asked, at most once
/// a second.
class Configuration {
 public:
  using Entries = std::vector<std::pair<std::string, std::string>>;

  /// Both must outlive it.
  Configuration(git_repository* repository, const AskGit& ask, const Environment& environment);

  /// Keys normalized (config_overrides.hpp), weakest level first. A key without a value is "true".
  Entries entries() const;
  /// Something was written.
  void forget() const { asked_.reset(); }

 private:
  std::optional<Entries> read_plain_files() const;
  const Entries& answer_of_git() const;

  git_repository* repository_;
  const AskGit& ask_;
  Entries overrides_;
  bool git_has_other_files_;
  mutable std::optional<Entries> asked_;
  mutable std::chrono::steady_clock::time_point asked_at_{};
};

}  // namespace changeling::git
