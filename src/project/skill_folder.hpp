#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "changeling/skill.hpp"

namespace changeling::project {

/// A skill read from a folder, or from a single file.
struct FoundSkill {
  Skill skill;
  std::vector<std::string> left_out;  ///< Hidden files and folders of it, which no skill has.
};

/// Reads the folder, which is named like the skill, or a SKILL.md alone, whatever the file is called. Throws
/// Error(NotFound) when nothing is there, Error(Refused) for a link or what is no file in it, and as
/// check_skill().
FoundSkill read_skill_at(const std::filesystem::path& path);

/// Writes the skill as FOLDER/NAME. Throws Error(Conflict) when something is there.
void export_skill(const Skill& skill, const std::filesystem::path& folder);

}  // namespace changeling::project
