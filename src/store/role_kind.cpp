#include "changeling/record_fields.hpp"
#include "changeling/toml_file.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "store/role_records.hpp"

namespace changeling::store {
namespace {

void check(const std::string& text, std::string_view path) {
  parse_role(text, std::string(path), "role");
}

std::string merge(const RecordVersions& versions, std::string_view path) {
  const auto role = [&](const std::optional<std::string>& text) {
    return text ? parse_role(*text, std::string(path), "role") : RoleDefinition{};
  };
  const RoleDefinition base = role(versions.base);
  const RoleDefinition ours = role(versions.ours);
  RoleDefinition merged = role(versions.published);
  // The agent and its command line are one choice.
  if (merged.agent == base.agent && merged.command == base.command) {
    merged.agent = ours.agent;
    merged.command = ours.command;
  }
  for (const auto& field : role_fields()) {
    const bool is_of_the_choice = field.key == "agent" || field.key == "run";
    if (!is_of_the_choice && field.read(merged) == field.read(base)) field.apply(field.read(ours), merged);
  }
  return changeling::write_role(merged);
}

}  // namespace

const RecordKind role_kind{.folder = roles_folder,
                           .spread = Spread::Flat,
                           .layout = "roles/NAME.toml",
                           .name = "a role",
                           .sentence = "A role",
                           .id_at = role_of,
                           .check = check,
                           .merge = merge};

}  // namespace changeling::store
