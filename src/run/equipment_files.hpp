#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "git/repository.hpp"

namespace changeling::run {

// The sub-agents and skills of a run as files in its worktree, where its agent looks for them. They are no
// part of the work: git is told to ignore them, and work that has them anyway is refused.

/// Each file by its path from the worktree's root. Where nobody knows a place for the agent type they lie in
/// the scratch folder.
std::map<std::string, std::string> equipment_files(const Equipment& equipment, const AgentType& agent);
/// What is ours as a whole: a file for each sub-agent, a folder for each skill.
std::vector<std::string> equipment_paths(const Equipment& equipment, const AgentType& agent);
/// What of a run must stay on this machine: those, and the copied files.
std::vector<std::string> private_paths(const Definition& definition, const AgentType& agent);

/// Throws Error(Refused) when the tree has something at one of the places, or has a link, a file or a
/// submodule where a folder of them would lie: the repository's own stays what it is.
void require_free_places(const git::Repository& repository, const git::ObjectId& tree,
                         const std::vector<std::string>& paths);
/// Writes the files. Throws Error(Refused), and has written nothing, when something is there already or a
/// link stands on the way.
void place_equipment(const std::filesystem::path& worktree, const std::map<std::string, std::string>& files,
                     const std::vector<std::string>& paths);
/// Takes away what place_equipment has written, whatever the agent made of it. No link is followed.
void take_equipment(const std::filesystem::path& worktree, const std::vector<std::string>& paths);

/// The part of the prompt that names them; empty without any.
std::string equipment_section(const Equipment& equipment, const AgentType& agent);

}  // namespace changeling::run
