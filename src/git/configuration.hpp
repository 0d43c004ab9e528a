#pragma once

#include <chrono>
#include <cstdint>
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
/// a second. Files are read again when one has changed: a command asks for some twenty settings.
class Configuration {
 public:
  using Entries = std::vector<std::pair<std::string, std::string>>;

  /// Both must outlive it.
  Configuration(git_repository* repository, const AskGit& ask, const Environment& environment);

  /// Keys normalized (config_overrides.hpp), weakest level first. A key without a value is "true". Valid
  /// until the next call.
  const Entries& entries() const;
  /// What the files alone say, without what this process was told (`git -c`).
  Entries file_entries() const;
  /// From now on entries() is what it is now, whatever the files say.
  void freeze() { frozen_ = read(); }
  void thaw() { frozen_.reset(); }
  /// What the files say at this moment; entries() where they cannot be read.
  const Entries& newest_entries() const;
  /// Something was written.
  void forget() const {
    plain_.reset();
    asked_.reset();
  }

 private:
  const Entries& read() const;
  /// What a file is known by; every way of writing it changes one of these. Zeros for one that is not there.
  struct FileState {
    std::uint64_t inode = 0;
    std::int64_t size = 0;
    std::int64_t written = 0;  ///< In nanoseconds.
    std::int64_t changed = 0;

    bool operator==(const FileState&) const = default;
  };

  std::vector<FileState> file_states() const;
  std::optional<Entries> read_plain_files() const;
  const Entries& answer_of_git() const;

  git_repository* repository_;
  const AskGit& ask_;
  Entries overrides_;
  std::optional<Entries> frozen_;
  bool git_has_other_files_;
  std::vector<std::string> files_;  ///< Those that libgit2 reads.
  mutable std::optional<Entries> plain_;
  mutable std::vector<FileState> plain_states_;  ///< Before `plain_` was read.
  mutable std::optional<Entries> asked_;
  mutable std::chrono::steady_clock::time_point asked_at_{};
};

}  // namespace changeling::git
