#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "git/object_id.hpp"
#include "project/services.hpp"

namespace changeling::run {

/// The user's settings as they are now, for a git directory of ours on files that an agent writes: what
/// attributes name there may start what the user has set up, and nothing else.
std::string leader_config(const project::Services& services);

/// The commit at which HEAD of a leader's git directory is. Nothing when its files do not say so.
std::optional<git::ObjectId> leader_head(const std::filesystem::path& directory);

/// git as we run it on files of an agent, with a git directory that is ours: nothing that the agent has
/// written is configuration for it.
class LeaderGit {
 public:
  /// `directory` is the git directory, `work_tree` the files. Both as copies.
  LeaderGit(const project::Services& services, std::filesystem::path directory,
            std::filesystem::path work_tree);

  /// `git ARGUMENTS…`; an exit code other than 0 is the caller's to judge.
  ProcessResult run(std::vector<std::string> arguments) const;
  /// As run, but throws Error(External) with git's last words. Returns the output without the last newline.
  std::string check(const std::vector<std::string>& arguments) const;

 private:
  const project::Services* services_;
  std::filesystem::path directory_;
  std::filesystem::path work_tree_;
};

}  // namespace changeling::run
