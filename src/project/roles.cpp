#include "project/roles.hpp"

#include <fmt/format.h>

#include "project/handling.hpp"
#include "store/role_records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
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

RoleSet RoleSet::load(Project& project, FileMistake mistake) {
  RoleSet set;
  set.definitions_ = DefinitionSet::load(project, FileReading::WorkTree, mistake);
  const store::Snapshot snapshot = project.snapshot();
  store::DamagedRecords damaged;
  for (const auto& [name, role] : store::read_roles(snapshot, &damaged)) set.roles_[name] = {role, "state"};
  project.damage().note(damaged);
  for (const store::Damaged& record : damaged) {
    if (const auto name = store::role_of(record.path))
      set.damaged_.emplace(*name, store::damaged_error(snapshot, record));
  }
  for (const auto& [name, role] : set.definitions_.file_roles()) {
    // What could never work is said now and not by the first worker, at the cost of a task's attempts.
    try {
      static_cast<void>(handling_of_role(&role, {}, set.definitions_.file_agents()));
    } catch (const Error& error) {
      if (mistake == FileMistake::Refused) throw;
      project.damage().note_in_file(definitions_file_name, error);
      set.damaged_.emplace(name, error);
    }
    if (!set.damaged_.contains(name)) set.roles_.try_emplace(name, ResolvedRole{role, "file"});
  }
  for (auto& [name, resolved] : set.roles_) {
    RoleDefinition& role = resolved.role;
    if (role.agent.empty()) role.agent = default_agent(role);
    role.equipment = set.definitions_.helpers().equipment(role.agents, role.skills);
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

void warn_of_unknown_role(Project& project, const std::string& name) {
  if (name.empty() || !project.opening().on_message) return;
  const RoleSet roles = RoleSet::load(project, FileMistake::Said);
  if (roles.contains(name)) return;
  const auto near = nearest_role(roles.all(), name);
  project.message(
      fmt::format("there is no role '{}' yet{}", name,
                  near ? fmt::format("; did you mean '{}'?", *near)
                       : fmt::format("; create it: git changeling role add {} --prompt TEXT", name)));
}

}  // namespace changeling::project
