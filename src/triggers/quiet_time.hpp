#pragma once

#include <filesystem>
#include <string>

#include "project/project.hpp"
#include "triggers/due_changelings.hpp"

namespace changeling::triggers {

/// Until when nothing can become due in a repository as it is now, so that a tick need not read its records
/// again. Kept in one file of the git folder, which may be lost at any time.
class QuietTime {
 public:
  explicit QuietTime(project::Project& project);

  /// Whether it was found out before that nothing is due at `now`, and nothing has changed since: the state,
  /// the base branch, approvals, the user's file, git's configuration of this program.
  bool covers(Timestamp now) const;
  /// Remembers what judging at `now` came to: until the next time comes, for five minutes while a time is
  /// held back, not at all while something is due.
  void remember(const std::vector<triggers::DueChangeling>& judged, Timestamp now) const;

 private:
  std::filesystem::path file_;
  std::string situation_;
};

}  // namespace changeling::triggers
