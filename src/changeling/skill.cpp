#include "changeling/skill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "changeling/front_matter.hpp"
#include "changeling/name.hpp"
#include "changeling/subagent.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling {
namespace {

constexpr std::size_t longest_path = 200;

[[noreturn]] void refuse(const Skill& skill, std::string_view path, std::string_view problem,
                         std::string hint = "") {
  throw Error(ErrorKind::Invalid,
              fmt::format("skill \"{}\": {} {}", skill.name, without_controls(path), problem),
              std::move(hint));
}

/// What Windows keeps for devices, with or without an extension.
bool is_device(std::string_view component) {
  static const std::set<std::string> devices{"con",  "prn",  "aux",  "nul",  "com1", "com2", "com3", "com4",
                                             "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3",
                                             "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"};
  return devices.contains(to_lower(component.substr(0, component.find('.'))));
}

std::string component_problem(std::string_view component) {
  if (component.empty()) return "has an empty part";
  if (component.starts_with('.')) return "has a part that begins with \".\"";
  if (component.ends_with('.') || component.ends_with(' ') || component.starts_with(' '))
    return "has a part that ends with \".\", or begins or ends with a space";
  for (const char character : component) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte >= 0x7f ||
        std::string_view("\\:*?\"<>|").find(character) != std::string_view::npos)
      return "has a character that not every file system can hold";
  }
  return is_device(component) ? "is the name of a device on some systems" : "";
}

void check_text(const Skill& skill, const std::string& path, const std::string& content) {
  if (valid_utf8(content) != content || content.find('\0') != std::string::npos)
    refuse(skill, path, "is not UTF-8 text",
           "a skill holds text alone, since somebody has to read it; let it say where other files are");
}

/// Also of folders: two that differ in letter case are one where that does not count.
void check_paths(const Skill& skill) {
  std::map<std::string, std::string> known;
  for (const auto& [path, content] : skill.files) {
    if (const std::string problem = skill_path_problem(path); !problem.empty()) refuse(skill, path, problem);
    for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
      const std::string part = path.substr(0, end);
      const bool is_file = end == std::string::npos;
      // A file is marked, so that it is no folder of the same name.
      const auto [place, is_new] = known.emplace(to_lower(part), is_file ? part + "\n" : part);
      if (!is_new && (is_file || place->second != part))
        refuse(skill, path, "is there twice, but for letter case");
      if (is_file) break;
    }
  }
}

void check_head(const Skill& skill) {
  const auto file = skill.files.find(std::string(skill_file));
  if (file == skill.files.end())
    refuse(skill, skill_file, "is missing", "it begins with front matter that has name and description");
  std::map<std::string, std::string> head;
  try {
    head = read_front_matter(file->second);
  } catch (const Error& error) {
    refuse(skill, skill_file, error.what(), error.hint());
  }
  if (head["name"].empty()) refuse(skill, skill_file, "has no \"name\" in its front matter");
  if (head["name"] != skill.name)
    refuse(skill, skill_file,
           fmt::format("says name \"{}\", which must be that of its folder", shortened(head["name"])),
           fmt::format("write \"name: {}\", or name the folder like it", skill.name));
  const std::string& description = head["description"];
  if (description.empty())
    refuse(skill, skill_file, "has no \"description\" in its front matter", "agents choose skills by it");
  if (description.size() > longest_helper_description)
    refuse(skill, skill_file,
           fmt::format("has a description of more than {} bytes", longest_helper_description));
}

}  // namespace

std::string skill_path_problem(std::string_view path) {
  if (path.size() > longest_path) return fmt::format("is longer than {} bytes", longest_path);
  const std::vector<std::string> components = split(path, '/');
  if (components.size() > most_skill_depth + 1)
    return fmt::format("lies in more than {} folders", most_skill_depth);
  for (const std::string& component : components) {
    if (std::string problem = component_problem(component); !problem.empty()) return problem;
  }
  return "";
}

void check_skill(const Skill& skill) {
  check_helper_name("skill", skill.name);
  if (skill.files.size() > most_skill_files)
    throw Error(ErrorKind::Invalid, fmt::format("skill \"{}\" has {} files; allowed are {}", skill.name,
                                                skill.files.size(), most_skill_files));
  check_paths(skill);
  std::size_t bytes = 0;
  for (const auto& [path, content] : skill.files) {
    check_text(skill, path, content);
    bytes += content.size();
  }
  if (bytes > most_skill_bytes)
    throw Error(ErrorKind::Invalid, fmt::format("skill \"{}\" has {} bytes; allowed are {}", skill.name,
                                                bytes, most_skill_bytes));
  check_head(skill);
}

std::string skill_description(const Skill& skill) {
  const auto file = skill.files.find(std::string(skill_file));
  if (file == skill.files.end()) return "";
  try {
    return read_front_matter(file->second)["description"];
  } catch (const Error&) {
    return "";
  }
}

SkillText skill_text(const Skill& skill) {
  SkillText text{skill_description(skill), ""};
  const auto file = skill.files.find(std::string(skill_file));
  if (file == skill.files.end() || text.description.empty()) return text;
  const std::string& content = file->second;
  const std::size_t fence = content.find("\n---", content.find("---") + 3);
  const std::size_t below = fence == std::string::npos ? fence : content.find('\n', fence + 1);
  const std::size_t begin = below == std::string::npos ? below : content.find_first_not_of("\r\n", below);
  if (begin != std::string::npos) text.instructions = content.substr(begin);
  return text;
}

Skill make_skill(const std::string& name, const std::string& description, const std::string& instructions) {
  Skill skill;
  skill.name = name;
  const std::string end = instructions.ends_with('\n') ? "" : "\n";
  skill.files[std::string(skill_file)] = fmt::format("---\nname: {}\ndescription: {}\n---\n\n{}{}", name,
                                                     yaml_quoted(description), instructions, end);
  check_skill(skill);
  if (trim(instructions).empty())
    throw Error(ErrorKind::Invalid, fmt::format("skill \"{}\" has no instructions", name));
  return skill;
}

Skill skill_from_text(const std::string& text) {
  Skill skill;
  try {
    skill.name = read_front_matter(text)["name"];
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("the skill's text {}", error.what()), error.hint());
  }
  if (skill.name.empty())
    throw Error(ErrorKind::Invalid, "the skill's text has no \"name\" in its front matter");
  skill.files[std::string(skill_file)] = text;
  check_skill(skill);
  return skill;
}

}  // namespace changeling
