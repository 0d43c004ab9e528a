#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>
#include "changeling/skill.hpp"
#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

inline constexpr std::string_view skills_folder = "skills";

// Skills on the state ref: skills/NAME.json, with all files of one in one record: two machines that change
// two files of a skill must not make a third skill together that nobody has written.

std::string skill_path(std::string_view name);
/// The skill that lies at this path, or nothing when it cannot be one.
std::optional<std::string> skill_of(std::string_view path);
/// Nothing when the state has no such skill. Throws Error(Invalid) when it is damaged.
std::optional<Skill> read_skill(const Snapshot& snapshot, const std::string& name);
/// Those that can be read; the others are noted in `damaged`, if it is given.
std::map<std::string, Skill> read_skills(const Snapshot& snapshot, DamagedRecords* damaged = nullptr);
/// Throws Error(Invalid) when it does not fit into a record.
void write_skill(Change& change, const Skill& skill);

nlohmann::json to_json(const Skill& skill);
/// Throws Error(Invalid) that begins with `source`; what check_skill() refuses, too.
Skill skill_from_json(const nlohmann::json& object, const std::string& name, std::string_view source);

/// The name between `folder` and `suffix` when it can be that of a sub-agent or a skill.
std::optional<std::string> helper_at(std::string_view path, std::string_view folder, std::string_view suffix);

}  // namespace changeling::store
