#include "cli/roles.hpp"

#include <fmt/format.h>

#include "store/role_records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "work/handling.hpp"

namespace changeling::cli {
namespace {

std::optional<std::string> nearest_role(const std::map<std::string, ResolvedRole>& roles,
                                        const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [known, role] : roles) names.push_back(known);
  return nearest(name, names);
}

}  // namespace

std::string default_agent(const RoleDefinition& role) {
  return std::string(role.command.empty() ? default_agent_type : command_agent_type);
}

RoleSet RoleSet::load(Context& context, FileMistake mistake) {
  RoleSet set;
  set.definitions_ = DefinitionSet::load(context, FileReading::WorkTree, mistake);
  const store::Snapshot snapshot = context.snapshot();
  store::DamagedRecords damaged;
  for (const auto& [name, role] : store::read_roles(snapshot, &damaged)) set.roles_[name] = {role, "state"};
  context.damage().note(damaged);
  for (const store::Damaged& record : damaged) {
    if (const auto name = store::role_of(record.path))
      set.damaged_.emplace(*name, store::damaged_error(snapshot, record));
  }
  for (const auto& [name, role] : set.definitions_.file_roles()) {
    // What could never work is said now and not by the first worker, at the cost of a task's attempts.
    try {
      static_cast<void>(work::handling_of_role(&role, {}, set.definitions_.file_agents()));
    } catch (const Error& error) {
      if (mistake == FileMistake::Refused) throw;
      context.damage().note_in_file(definitions_file_name, error);
      set.damaged_.emplace(name, error);
    }
    if (!set.damaged_.contains(name)) set.roles_.try_emplace(name, ResolvedRole{role, "file"});
  }
  for (auto& [name, resolved] : set.roles_) {
    if (resolved.role.agent.empty()) resolved.role.agent = default_agent(resolved.role);
  }
  return set;
}

const ResolvedRole& RoleSet::find(const std::string& name) const {
  if (const auto damaged = damaged_.find(name); damaged != damaged_.end()) throw damaged->second;
  if (const auto found = roles_.find(name); found != roles_.end()) return found->second;
  const auto near = nearest_role(roles_, name);
  throw Error(ErrorKind::NotFound, fmt::format("there is no role '{}'", name),
              near ? fmt::format("did you mean '{}'?", *near)
                   : fmt::format("see: git changeling role list, or create it: git changeling role add {} "
                                 "--prompt TEXT",
                                 name));
}

std::string role_label(const std::string& name) {
  return "role-" + name;
}

Json role_to_json(const ResolvedRole& resolved) {
  const RoleDefinition& role = resolved.role;
  return {{"name", role.name},
          {"agent", role.agent},
          {"prompt", role.prompt},
          {"run", role.command.empty() ? Json(nullptr) : Json(role.command)},
          {"interactive", role.interactive},
          {"accept", role.accept},
          {"label", role_label(role.name)},
          {"source", resolved.source}};
}

void warn_of_unknown_role(Context& context, const std::string& name) {
  if (name.empty() || context.options().quiet) return;
  const RoleSet roles = RoleSet::load(context, FileMistake::Said);
  if (roles.contains(name)) return;
  const auto near = nearest_role(roles.all(), name);
  context.message(
      fmt::format("there is no role '{}' yet{}", name,
                  near ? fmt::format("; did you mean '{}'?", *near)
                       : fmt::format("; create it: git changeling role add {} --prompt TEXT", name)));
}

}  // namespace changeling::cli
