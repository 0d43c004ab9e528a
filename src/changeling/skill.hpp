#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace changeling {

inline constexpr std::string_view skill_file = "SKILL.md";
inline constexpr std::size_t most_skill_files = 64;
/// In bytes, all files together: with what writing it down adds, a skill stays one record.
inline constexpr std::size_t most_skill_bytes = std::size_t{512} << 10;
/// Folders above a file inside a skill.
inline constexpr std::size_t most_skill_depth = 4;

/// A folder of instructions in the Agent Skills format, as `agentskills.io/specification` has it: SKILL.md
/// with `name` and `description` in its front matter, and what that refers to. All of it is text, since
/// somebody has to read it before it is trusted.
struct Skill {
  std::string name;                          ///< See check_helper_name().
  std::map<std::string, std::string> files;  ///< By path inside the folder, with "/".

  bool operator==(const Skill&) const = default;
};

/// What its SKILL.md says when to use it; empty when it says nothing.
std::string skill_description(const Skill& skill);

/// What its SKILL.md says, apart; both empty without one that can be read.
struct SkillText {
  std::string description;
  std::string instructions;  ///< Below the front matter.
};
SkillText skill_text(const Skill& skill);

/// Throws Error(Invalid) that says which file and what is allowed.
void check_skill(const Skill& skill);
/// What is wrong with the path of a file of a skill, in words that follow it; empty when nothing is. Names
/// are such that every file system can hold them.
std::string skill_path_problem(std::string_view path);

/// A skill of one file with this text below the front matter.
Skill make_skill(const std::string& name, const std::string& description, const std::string& instructions);
/// A skill of one file, named by that file's front matter. Throws as check_skill().
Skill skill_from_text(const std::string& text);

/// The skills under templates/skills/ of the source tree, compiled in, by name.
const std::map<std::string, Skill>& builtin_skills();

}  // namespace changeling
