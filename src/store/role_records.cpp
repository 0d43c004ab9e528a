#include "store/role_records.hpp"

#include <fmt/format.h>

namespace changeling::store {
namespace {

constexpr std::string_view folder = "roles";
constexpr std::string_view suffix = ".toml";

}  // namespace

std::string role_path(std::string_view name) {
  return fmt::format("{}/{}{}", folder, name, suffix);
}

std::optional<RoleDefinition> read_role(const Snapshot& snapshot, const std::string& name) {
  const std::string path = role_path(name);
  const auto text = snapshot.read(path);
  if (!text) return std::nullopt;
  return parse_role(*text, fmt::format("{}:{}", snapshot.commit()->short_hex(), path), name);
}

std::map<std::string, RoleDefinition> read_roles(const Snapshot& snapshot) {
  std::map<std::string, RoleDefinition> roles;
  for (const std::string& file : snapshot.names(std::string(folder))) {
    if (!file.ends_with(suffix)) continue;
    const std::string name = file.substr(0, file.size() - suffix.size());
    if (auto role = read_role(snapshot, name)) roles.emplace(name, std::move(*role));
  }
  return roles;
}

void write_role(Change& change, const RoleDefinition& role) {
  change.write(role_path(role.name), changeling::write_role(role));
}

}  // namespace changeling::store
