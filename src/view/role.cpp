#include "view/role.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const project::ResolvedRole& resolved) {
  const RoleDefinition& role = resolved.role;
  return {{"name", role.name},
          {"agent", role.agent},
          {"prompt", role.prompt},
          {"run", role.command.empty() ? Json(nullptr) : Json(role.command)},
          {"interactive", role.interactive},
          {"accept", role.accept},
          {"agents", role.agents},
          {"skills", role.skills},
          {"label", project::role_label(role.name)},
          {"source", resolved.source}};
}

}  // namespace changeling::view
