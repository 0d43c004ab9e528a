#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace changeling::run {

/// The words of a git command without git's own options, as git(1) lists them.
struct GitCommand {
  /// `arguments` as a process got them, the program first: {"git", "-C", "x", "branch", "y"}.
  static GitCommand from_arguments(const std::vector<std::string>& arguments);

  std::string name;  ///< "branch"; empty for git alone.
  std::vector<std::string> arguments;
  std::string git_directory;  ///< What --git-dir names.
};

/// Which references a command could have moved, and what it made of the HEAD of its work tree.
struct GitEffect {
  std::set<std::string> references;  ///< Full names.
  std::set<std::string> folders;     ///< Beginnings of names, such as "refs/notes/".
  bool any_reference = false;        ///< Which ones stood in its input.
  /// What HEAD is on afterwards: a name as it was typed, "-" for what it was on before, empty for a commit.
  std::optional<std::string> switches_to;
  bool is_new_branch = false;   ///< `switches_to` is one for certain, and not a commit or file.
  bool may_leave_head = false;  ///< Stopped halfway, HEAD is on something else.
  bool moves_current = false;   ///< The branch that HEAD is on, after it was switched.
  std::string added_work_tree;  ///< The last part of a new work tree's path.
  std::string added_branch;     ///< What is checked out there, as it was typed.
};

GitEffect effect_of(const GitCommand& command);

/// What `git push` could have moved in the repository that it pushes to.
GitEffect effect_on_remote(const GitCommand& push);

/// Whether such a command may have moved something although it failed.
bool may_fail_halfway(const GitCommand& command);

/// "refs/heads/x" for "x"; what starts with "refs/" stays.
std::string branch_reference(const std::string& name);

}  // namespace changeling::run
