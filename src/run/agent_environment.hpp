#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "git/repository.hpp"
#include "support/environment.hpp"

namespace changeling::run {

/// The paths and names that an agent is told about.
struct AgentSurroundings {
  std::string run_id;
  std::string task;
  std::filesystem::path worktree;
  std::filesystem::path prompt_file;
  std::filesystem::path artifacts;
  std::filesystem::path excludes;  ///< Used as core.excludesFile.
  git::Identity identity;          ///< For commits the agent makes.
  /// Where git writes what it does for the agent with references, see reference_guard.hpp; empty: nowhere.
  std::filesystem::path git_trace = {};
  std::string base_commit = {};  ///< What the work is compared with.
};

/// Whether a variable of the user's is harmless, so that every agent gets it.
bool is_for_agents(const std::string& name);

/// The agent's whole environment: an allow-list of harmless variables, what its type and definition let
/// through, the CHANGELING_… variables, and settings that keep git from finding credentials (no helper, no
/// agent socket, no prompt). Nothing else of the user's environment.
Environment agent_environment(const Environment& user, const AgentType& agent, const Definition& definition,
                              const AgentSurroundings& surroundings);

/// The values that must never be stored: the definition's secrets and the agent's keys.
std::vector<std::string> secret_values(const Environment& user, const AgentType& agent,
                                       const Definition& definition);

}  // namespace changeling::run
