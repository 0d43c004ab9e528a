#include "store/role_records.hpp"

#include <fmt/format.h>

#include "changeling/name.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view folder = "roles";
constexpr std::string_view suffix = ".toml";

std::optional<RoleDefinition> load(const Snapshot& snapshot, const std::string& path,
                                   const std::string& name) {
  const auto text = read_record(snapshot, path);
  return text ? std::optional(parse_role(*text, path, name)) : std::nullopt;
}

}  // namespace

std::string role_path(std::string_view name) {
  return fmt::format("{}/{}{}", folder, name, suffix);
}

std::optional<std::string> role_of(std::string_view path) {
  const std::string start = fmt::format("{}/", folder);
  if (!path.starts_with(start) || !path.ends_with(suffix)) return std::nullopt;
  std::string name(path.substr(start.size(), path.size() - start.size() - suffix.size()));
  if (name.empty() || reference_component_problem(name)) return std::nullopt;
  return name;
}

std::optional<RoleDefinition> read_role(const Snapshot& snapshot, const std::string& name) {
  const std::string path = role_path(name);
  std::optional<RoleDefinition> role;
  read_or_explain(snapshot, path, [&] { role = load(snapshot, path, name); });
  return role;
}

std::map<std::string, RoleDefinition> read_roles(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::map<std::string, RoleDefinition> roles;
  for (const std::string& file : snapshot.names(std::string(folder))) {
    const std::string path = fmt::format("{}/{}", folder, file);
    const auto name = role_of(path);
    if (!name) {
      note_stray(path, "a role", damaged);
      continue;
    }
    read_or_note(path, damaged, [&] { roles.emplace(*name, load(snapshot, path, *name).value()); });
  }
  return roles;
}

void write_role(Change& change, const RoleDefinition& role) {
  change.write(role_path(role.name), changeling::write_role(role));
}

}  // namespace changeling::store
