#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "run/git_command.hpp"

namespace changeling::run {

/// What has to be known of a repository to tell what a command moved.
struct TracedRepository {
  std::string common_directory;
  std::string main_work_tree;  ///< Empty for a bare repository.
  std::map<std::string, std::string>
      heads;                         ///< Work tree to the branch (full name) that was checked out there.
  std::set<std::string> references;  ///< Those that were there.
};

/// What the git commands of an agent could have moved, read from what GIT_TRACE2_EVENT (git 2.22 and newer,
/// git's technical/api-trace2) made them write into one file. Programs that use a library instead of git
/// leave no trace.
class GitTrace {
 public:
  /// Starts a new file, which read() then takes for the run's own.
  static void begin(const std::filesystem::path& file);
  /// Nothing when the file is not as git leaves one that begin() has made.
  static std::optional<GitTrace> read(const std::filesystem::path& file, const TracedRepository& repository);

  /// How many commands could have moved the reference by its name. HEAD is that of the main work tree.
  std::size_t moves(const std::string& reference) const;
  /// Whether there was a command that can have moved any reference.
  bool moved_unnamed() const { return moved_unnamed_; }
  /// Whether a command was given that could have changed the configuration's `key`.
  bool could_have_set(std::string_view key) const;

 private:
  std::map<std::string, std::size_t> references_;
  std::map<std::string, std::size_t> folders_;
  bool moved_unnamed_ = false;
  std::set<std::string> commands_;  ///< In lower case.
  friend class TraceReader;
};

}  // namespace changeling::run
