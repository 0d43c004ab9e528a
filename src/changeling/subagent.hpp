#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace changeling {

/// An agent that the agent of a run can hand a part of its work to. Not to be confused with an agent type,
/// which says how a program is driven.
struct Subagent {
  std::string name;         ///< See check_helper_name().
  std::string description;  ///< When to use it, in one line: the agent of the run chooses by it.
  std::string instructions;
  std::string agent;              ///< The agent type that it is made for; empty: any.
  std::string working_directory;  ///< From the worktree's root; empty: the root.
  std::vector<std::string>
      permissions;                  ///< Tools that it may use, in the agent's notation; empty: the run's.
  std::vector<std::string> skills;  ///< Names of skills that come with it.

  bool operator==(const Subagent&) const = default;
};

inline constexpr std::size_t longest_helper_description = 1024;  ///< In bytes (Agent Skills, "description").
inline constexpr std::size_t longest_instructions = std::size_t{256} << 10;  ///< In bytes.

/// Throws Error(Invalid) when description or instructions are missing or too long.
void check_subagent(const Subagent& subagent);

/// The sub-agents under templates/agents/ of the source tree, compiled in, by name.
const std::map<std::string, Subagent>& builtin_subagents();

}  // namespace changeling
