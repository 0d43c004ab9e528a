#include "store/role_records.hpp"

#include <fmt/format.h>

#include "changeling/name.hpp"
#include "store/record_kinds.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view suffix = ".toml";

std::optional<RoleDefinition> load(const Snapshot& snapshot, const std::string& path,
                                   const std::string& name) {
  const auto text = read_record(snapshot, path);
  return text ? std::optional(parse_role(*text, path, name)) : std::nullopt;
}

}  // namespace

std::string role_path(std::string_view name) {
  return fmt::format("{}/{}{}", roles_folder, name, suffix);
}

std::optional<std::string> role_of(std::string_view path) {
  const std::string start = fmt::format("{}/", roles_folder);
  if (!path.starts_with(start) || !path.ends_with(suffix)) return std::nullopt;
  std::string name(path.substr(start.size(), path.size() - start.size() - suffix.size()));
  if (name.empty() || changeling_name_problem(name)) return std::nullopt;
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
  read_each(snapshot, role_kind, damaged, [&](const std::string& path, const std::string& name) {
    roles.emplace(name, load(snapshot, path, name).value());
  });
  return roles;
}

void write_role(Change& change, const RoleDefinition& role) {
  change.write(role_path(role.name), changeling::write_role(role));
}

}  // namespace changeling::store
