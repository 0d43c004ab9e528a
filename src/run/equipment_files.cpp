#include "run/equipment_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/front_matter.hpp"
#include "changeling/launcher_kinds.hpp"
#include "project/places.hpp"
#include "run/removal.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/marked_text.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

namespace fs = std::filesystem;

std::string agents_folder(const AgentType& agent) {
  const std::string_view known = launcher_of(agent).agents_folder;
  return known.empty() ? fmt::format("{}/agents", project::scratch_folder) : std::string(known);
}

std::string skills_folder(const AgentType& agent) {
  const std::string_view known = launcher_of(agent).skills_folder;
  return known.empty() ? fmt::format("{}/skills", project::scratch_folder) : std::string(known);
}

std::string file_of(const Subagent& subagent, const AgentType& agent) {
  return fmt::format("{}/{}.md", agents_folder(agent), subagent.name);
}

std::string folder_of(const Skill& skill, const AgentType& agent) {
  return fmt::format("{}/{}", skills_folder(agent), skill.name);
}

/// "Bash(git log *)" is about the tool Bash; a mode of permissions names none.
std::vector<std::string> tools_of(const Subagent& subagent) {
  std::vector<std::string> tools;
  for (const std::string& permission : subagent.permissions) {
    std::string tool = permission.substr(0, permission.find('('));
    const bool is_mode = tool.find(':') != std::string::npos;
    if (!is_mode && std::find(tools.begin(), tools.end(), tool) == tools.end())
      tools.push_back(std::move(tool));
  }
  return tools;
}

/// As Claude Code reads it (code.claude.com/docs, "Subagents"); others read it as text.
std::string text_of(const Subagent& subagent) {
  std::string text =
      fmt::format("---\nname: {}\ndescription: {}\n", subagent.name, yaml_quoted(subagent.description));
  if (const auto tools = tools_of(subagent); !tools.empty())
    text += fmt::format("tools: {}\n", yaml_quoted(join(tools, ", ")));
  if (!subagent.skills.empty()) text += fmt::format("skills: {}\n", join(subagent.skills, ", "));
  text += "---\n\n";
  if (!subagent.working_directory.empty())
    text += fmt::format(
        "You work in the folder `{}` of the worktree; begin there, and change nothing outside it.\n\n",
        subagent.working_directory);
  return text + subagent.instructions + (subagent.instructions.ends_with('\n') ? "" : "\n");
}

/// "a", "a/b" for "a/b/c".
std::vector<std::string> folders_above(const std::string& path) {
  std::vector<std::string> folders;
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
    folders.push_back(path.substr(0, slash));
  return folders;
}

[[noreturn]] void refuse(const std::string& path, const std::string& what) {
  throw Error(
      ErrorKind::Refused,
      fmt::format("{} is {}, and a sub-agent or skill of the run would lie there", path, what),
      "it stays as it is; give the sub-agent or skill another name, or take it out of the definition: "
      "the agent finds what the repository has there anyway");
}

std::string kind_word(git::EntryKind kind) {
  if (kind == git::EntryKind::Link) return "a symbolic link in the repository";
  if (kind == git::EntryKind::Submodule) return "a submodule of the repository";
  return kind == git::EntryKind::Folder ? "a folder of the repository" : "a file of the repository";
}

void require_no_link_above(const fs::path& worktree, const std::string& path) {
  for (const std::string& folder : folders_above(path)) {
    const fs::file_status status = fs::symlink_status(worktree / folder);
    if (fs::exists(status) && !fs::is_directory(status)) refuse(folder, "no folder");
  }
}

bool is_reached_without_links(const fs::path& worktree, const std::string& path) {
  const auto folders = folders_above(path);
  std::error_code unreadable;
  return std::all_of(folders.begin(), folders.end(), [&](const std::string& folder) {
    return fs::is_directory(fs::symlink_status(worktree / folder, unreadable));
  });
}

std::string list_line(std::string_view name, std::string_view description, const std::string& path) {
  return fmt::format("- `{}` (`{}`): {}\n", name, path, plain_line(std::string(description), 1024));
}

}  // namespace

std::map<std::string, std::string> equipment_files(const Equipment& equipment, const AgentType& agent) {
  std::map<std::string, std::string> files;
  for (const Subagent& subagent : equipment.agents) files[file_of(subagent, agent)] = text_of(subagent);
  for (const Skill& skill : equipment.skills) {
    for (const auto& [path, content] : skill.files)
      files[fmt::format("{}/{}", folder_of(skill, agent), path)] = content;
  }
  return files;
}

std::vector<std::string> equipment_paths(const Equipment& equipment, const AgentType& agent) {
  std::vector<std::string> paths;
  for (const Subagent& subagent : equipment.agents) paths.push_back(file_of(subagent, agent));
  for (const Skill& skill : equipment.skills) paths.push_back(folder_of(skill, agent));
  return paths;
}

std::vector<std::string> private_paths(const Definition& definition, const AgentType& agent) {
  std::vector<std::string> paths = definition.copy;
  for (std::string& path : equipment_paths(definition.equipment, agent)) paths.push_back(std::move(path));
  return paths;
}

void require_free_places(const git::Repository& repository, const git::ObjectId& tree,
                         const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    for (const std::string& folder : folders_above(path)) {
      const auto kind = repository.entry_kind(tree, folder);
      if (kind && *kind != git::EntryKind::Folder) refuse(folder, kind_word(*kind));
    }
    if (const auto kind = repository.entry_kind(tree, path)) refuse(path, kind_word(*kind));
  }
}

void place_equipment(const fs::path& worktree, const std::map<std::string, std::string>& files,
                     const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    require_no_link_above(worktree, path);
    if (fs::exists(fs::symlink_status(worktree / path))) refuse(path, "there already");
  }
  for (const auto& [path, content] : files) {
    fs::create_directories((worktree / path).parent_path());
    write_file(worktree / path, content, Outlives::Process);
    // A script, which the skill's text tells to start.
    if (content.starts_with("#!"))
      fs::permissions(worktree / path, fs::perms::owner_exec, fs::perm_options::add);
  }
}

void take_equipment(const fs::path& worktree, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (is_reached_without_links(worktree, path)) remove_tree(worktree / path);
  }
}

std::string equipment_section(const Equipment& equipment, const AgentType& agent) {
  std::string text;
  if (!equipment.agents.empty()) {
    text +=
        "\n## Sub-agents\nYou can hand parts of the work to these; where you cannot start one, follow its "
        "file yourself.\n";
    for (const Subagent& subagent : equipment.agents)
      text += list_line(subagent.name, subagent.description, file_of(subagent, agent));
  }
  if (!equipment.skills.empty()) {
    text += "\n## Skills\nWhen one fits what you do, read its file and do as it says.\n";
    for (const Skill& skill : equipment.skills)
      text += list_line(skill.name, skill_description(skill),
                        fmt::format("{}/{}", folder_of(skill, agent), skill_file));
  }
  if (text.empty()) return text;
  return text +
         "\nTheir files are not part of the change: leave them alone, and do not add them to a commit.\n";
}

}  // namespace changeling::run
