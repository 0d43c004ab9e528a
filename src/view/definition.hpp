#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "changeling/definition.hpp"

namespace changeling::view {

/// Every field with its value, keys as in TOML; durations as text.
nlohmann::json to_json(const Definition& definition);
/// One of those values for people.
std::string field_text(const nlohmann::json& value);

}  // namespace changeling::view
