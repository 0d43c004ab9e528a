#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "project/places.hpp"
#include "sandbox/walls.hpp"
#include "support/environment.hpp"

namespace changeling::run {

/// Where a run takes place; paths are absolute.
struct SandboxSurroundings {
  std::filesystem::path home;                      ///< The user's; empty when there is none.
  std::optional<std::filesystem::path> work_tree;  ///< The user's.
  std::filesystem::path common_directory;          ///< Of the user's repository.
  std::filesystem::path worktree;                  ///< Of the run.
  project::RunFiles files;
  Environment environment;  ///< What the commands get.
};

/// The one list of what commands of a run read and write, for the agent and definition.
sandbox::Walls walls_for(const SandboxSurroundings& place, const AgentType& agent,
                         const Definition& definition);

/// Settings of agents that decide what runs the next time, below folders that they may write.
std::vector<std::filesystem::path> settings_of_agents(const std::filesystem::path& home);

/// Paths that a text for the shell names: words from "/" or "~/" on. What they are is not looked at.
std::vector<std::filesystem::path> named_paths(const std::string& text, const std::filesystem::path& home);

/// What of a git configuration an agent's git needs: filters, names, safe folders; without sections that hold
/// credentials or addresses.
std::string configuration_for_agents(const std::string& text);

}  // namespace changeling::run
