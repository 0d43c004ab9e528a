#include "store/skill_records.hpp"

#include <fmt/format.h>

#include "changeling/name.hpp"
#include "store/record_kinds.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/reading_limits.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view suffix = ".json";

Skill read(const Json& object, const std::string& name) {
  Skill skill;
  skill.name = name;
  const auto files = object.is_object() ? object.find("files") : object.end();
  if (!object.is_object() || files == object.end() || !files->is_object())
    throw Error(ErrorKind::Invalid, "files is no object");
  for (const auto& entry : files->items()) {
    if (!entry.value().is_string())
      throw Error(ErrorKind::Invalid, fmt::format("files: {} is no text", entry.key()));
    skill.files[entry.key()] = entry.value().get<std::string>();
  }
  check_skill(skill);
  return skill;
}

std::optional<Skill> load(const Snapshot& snapshot, const std::string& path, const std::string& name) {
  const auto text = read_record(snapshot, path);
  return text ? std::optional(skill_from_json(parse_json(*text, path), name, path)) : std::nullopt;
}

}  // namespace

std::optional<std::string> helper_at(std::string_view path, std::string_view folder,
                                     std::string_view suffix_of_file) {
  const std::string start = fmt::format("{}/", folder);
  if (!path.starts_with(start) || !path.ends_with(suffix_of_file)) return std::nullopt;
  if (path.size() <= start.size() + suffix_of_file.size()) return std::nullopt;
  std::string name(path.substr(start.size(), path.size() - start.size() - suffix_of_file.size()));
  if (helper_name_problem(name)) return std::nullopt;
  return name;
}

std::string skill_path(std::string_view name) {
  return fmt::format("{}/{}{}", skills_folder, name, suffix);
}

std::optional<std::string> skill_of(std::string_view path) {
  return helper_at(path, skills_folder, suffix);
}

nlohmann::json to_json(const Skill& skill) {
  return {{"name", skill.name}, {"files", skill.files}};
}

Skill skill_from_json(const nlohmann::json& object, const std::string& name, std::string_view source) {
  try {
    return read(object, name);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", source, error.what()), error.hint());
  }
}

std::optional<Skill> read_skill(const Snapshot& snapshot, const std::string& name) {
  const std::string path = skill_path(name);
  std::optional<Skill> skill;
  read_or_explain(snapshot, path, [&] { skill = load(snapshot, path, name); });
  return skill;
}

std::map<std::string, Skill> read_skills(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::map<std::string, Skill> skills;
  read_each(snapshot, skill_kind, damaged, [&](const std::string& path, const std::string& name) {
    skills.emplace(name, load(snapshot, path, name).value());
  });
  return skills;
}

void write_skill(Change& change, const Skill& skill) {
  std::string text = to_json(skill).dump(1) + "\n";
  if (text.size() > most_record_bytes)
    throw Error(
        ErrorKind::Invalid,
        fmt::format("skill \"{}\" is written down in more than {} bytes", skill.name, most_record_bytes),
        "take characters out of it that have to be escaped, or files");
  change.write(skill_path(skill.name), std::move(text));
}

}  // namespace changeling::store
