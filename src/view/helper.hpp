#pragma once

#include <nlohmann/json_fwd.hpp>

#include "changeling/skill.hpp"
#include "changeling/subagent.hpp"
#include "project/helpers.hpp"

namespace changeling::view {

/// name, description, instructions, agent (null for any), working_directory (null for the root), permissions,
/// skills, source.
nlohmann::json to_json(const project::Helper<Subagent>& subagent);
/// name, description, files [{path, bytes}], source.
nlohmann::json to_json(const project::Helper<Skill>& skill);
/// The same, and each file has its `text`.
nlohmann::json with_texts(const project::Helper<Skill>& skill);

}  // namespace changeling::view
