#include <fmt/format.h>

#include <span>

#include "changeling/skill.hpp"
#include "changeling/subagent.hpp"
#include "changeling/toml_file.hpp"
#include "support/embedded_file.hpp"

namespace changeling {

/// Generated from templates/agents/ and templates/skills/, see cmake/EmbedFiles.cmake.
std::span<const EmbeddedFile> embedded_agents();
std::span<const EmbeddedFile> embedded_skills();

namespace {

std::map<std::string, Subagent> read_subagents() {
  std::map<std::string, Subagent> subagents;
  for (const EmbeddedFile& file : embedded_agents()) {
    const std::string name(file.name.substr(0, file.name.rfind('.')));
    subagents[name] = parse_subagent(file.content, fmt::format("templates/agents/{}", file.name), name);
  }
  return subagents;
}

/// Their names are "NAME/PATH".
std::map<std::string, Skill> read_skills() {
  std::map<std::string, Skill> skills;
  for (const EmbeddedFile& file : embedded_skills()) {
    const std::size_t slash = file.name.find('/');
    Skill& skill = skills[std::string(file.name.substr(0, slash))];
    skill.name = file.name.substr(0, slash);
    skill.files[std::string(file.name.substr(slash + 1))] = file.content;
  }
  return skills;
}

}  // namespace

const std::map<std::string, Subagent>& builtin_subagents() {
  static const std::map<std::string, Subagent> subagents = read_subagents();
  return subagents;
}

const std::map<std::string, Skill>& builtin_skills() {
  static const std::map<std::string, Skill> skills = read_skills();
  return skills;
}

}  // namespace changeling
