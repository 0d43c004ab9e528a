#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "sandbox/walls.hpp"
#include "support/environment.hpp"

namespace changeling::run {

/// Where the program of an agent type keeps settings, a login and what it notes when it is used: ~/.claude
/// and its like. What lies there decides what runs the next time, also outside of a run.
struct AgentFolder {
  std::filesystem::path place;
  bool is_elsewhere = false;         ///< A variable names it, instead of a folder of the home.
  std::vector<std::string> logins;   ///< Files that the program renews.
  std::vector<std::string> notes;    ///< What it writes when it is used; each run has its own.
  std::filesystem::path kept_notes;  ///< Below the place: what of that is to be found after the run.
};

/// Nothing for programs that are not known. `worktree` is where the program starts, `home` the user's.
std::vector<AgentFolder> folders_of(const AgentType& agent, const Environment& environment,
                                    const std::filesystem::path& home, const std::filesystem::path& worktree);

/// The folder is one of the run's, below `own` where it is not in the home, in which the user's files are
/// read-only, but for logins and kept notes. Others' notes are not there.
void add_to_walls(sandbox::Walls& walls, const AgentFolder& folder, const std::filesystem::path& own);

/// Makes what add_to_walls has named and is not there yet.
void make_kept_notes(const AgentFolder& folder);

}  // namespace changeling::run
