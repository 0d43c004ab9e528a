#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "git/object_id.hpp"
#include "project/services.hpp"
#include "run/user_drivers.hpp"

namespace changeling::run {

/// The user's settings as they are now, for a git directory of ours on files that an agent writes: no program
/// but git-lfs is started for what attributes name there.
std::string leader_config(const project::Services& services);
/// Where such a directory has the settings of the user's filters and merge drivers (user_drivers.hpp).
std::filesystem::path drivers_file(const std::filesystem::path& directory);
/// Writes them there; no file where the user has none.
void write_drivers(const project::Services& services, const std::filesystem::path& directory);

/// The commit at which HEAD of a leader's git directory is. Nothing when its files do not say so.
std::optional<git::ObjectId> leader_head(const std::filesystem::path& directory);

/// git as we run it on files of an agent, with a git directory that is ours: nothing that the agent has
/// written is configuration for it. The user's filters take part in what reads or writes files, behind walls
/// (held_git.hpp). Where there are none, work that needs a filter which comes with the files throws
/// DriverRefused.
class LeaderGit {
 public:
  /// `directory` is the git directory, `work_tree` the files. Both as copies.
  LeaderGit(const project::Services& services, std::filesystem::path directory,
            std::filesystem::path work_tree);

  /// `git ARGUMENTS…`; an exit code other than 0 is the caller's to judge.
  ProcessResult run(std::vector<std::string> arguments) const;
  /// Fills the work tree with the files of a commit, and the index.
  void fill(const git::ObjectId& commit) const;
  /// As run, but throws Error(External) with git's last words. Returns the output without the last newline.
  std::string check(const std::vector<std::string>& arguments) const;

 private:
  std::map<std::string, std::string> place() const;
  git::GitProgram program() const;
  [[noreturn]] void fail(const std::string& command, const ProcessResult& result) const;
  ProcessResult run_with_drivers(const std::vector<std::string>& arguments, const std::string& input) const;
  /// With nothing to hold what it starts: throws DriverRefused where a filter of the branch would be needed.
  ProcessResult run_unheld(const std::vector<std::string>& arguments, const std::string& input) const;
  void require_no_filter_of_branch(const std::vector<DriverOfBranch>& refused,
                                   const std::vector<std::string>& arguments, const std::string& input) const;
  /// The filter that attributes name for each of the paths, which have a NUL behind them.
  std::vector<std::pair<std::string, std::string>> filters_of(const std::string& paths) const;
  /// Of the index, each with a NUL behind it: the files that one of the user's filters is for.
  std::string filtered_paths() const;

  const project::Services* services_;
  std::filesystem::path directory_;
  std::filesystem::path work_tree_;
};

}  // namespace changeling::run
