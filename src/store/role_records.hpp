#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "changeling/toml_file.hpp"
#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

inline constexpr std::string_view roles_folder = "roles";

// Roles on the state ref: roles/NAME.toml.

std::string role_path(std::string_view name);
/// Nothing when the state has no such role. Throws Error(Invalid) when it is damaged.
std::optional<RoleDefinition> read_role(const Snapshot& snapshot, const std::string& name);
/// Those that can be read; the others are noted in `damaged`, if it is given.
std::map<std::string, RoleDefinition> read_roles(const Snapshot& snapshot, DamagedRecords* damaged = nullptr);
/// The role that lies at this path, or nothing when it cannot be one.
std::optional<std::string> role_of(std::string_view path);
void write_role(Change& change, const RoleDefinition& role);

}  // namespace changeling::store
