#include "forge/missing_commits.hpp"

#include <fmt/format.h>

#include "git/remote_choice.hpp"
#include "support/process.hpp"

namespace changeling::forge {

std::string fetch_command(const git::Repository& repository, const std::string& remote,
                          const WantedCommits& wanted) {
  const std::string branch = shell_quote(wanted.branch);
  if (remote.empty()) return fmt::format("git fetch REMOTE {}", branch);
  const std::string tracking = fmt::format("refs/remotes/{}/{}", remote, wanted.base);
  const bool has_base = repository.resolve("refs/heads/" + wanted.base) || repository.resolve(tracking);
  const bool has_head = !wanted.head.empty() && repository.resolve_revision(wanted.head);
  const std::string pushed_to = git::find_push_remote(repository, remote).name;
  std::string command = repository.is_shallow() ? "git fetch --unshallow " : "git fetch ";
  command += shell_quote(remote);
  std::string of_fork;
  if (!has_head && pushed_to == remote) command += " " + branch;
  if (!has_head && pushed_to != remote)
    of_fork = fmt::format("git fetch {} {}", shell_quote(pushed_to), branch);
  if (!has_base) command += " " + shell_quote(fmt::format("{}:{}", wanted.base, tracking));
  if (of_fork.empty()) return command;
  const bool is_enough = has_base && !repository.is_shallow();
  return is_enough ? of_fork : fmt::format("{} && {}", command, of_fork);
}

}  // namespace changeling::forge
