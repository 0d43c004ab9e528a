#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "changeling/toml_file.hpp"
#include "store/store.hpp"

namespace changeling::store {

// Roles on the state ref: roles/NAME.toml.

std::string role_path(std::string_view name);
/// Nothing when the state has no such role.
std::optional<RoleDefinition> read_role(const Snapshot& snapshot, const std::string& name);
std::map<std::string, RoleDefinition> read_roles(const Snapshot& snapshot);
void write_role(Change& change, const RoleDefinition& role);

}  // namespace changeling::store
