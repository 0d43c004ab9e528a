#include "project/helpers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/name.hpp"

#include "store/skill_records.hpp"
#include "store/subagent_records.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

template <typename Record>
std::map<std::string, Helper<Record>> joined(const std::map<std::string, Record>& state,
                                             const std::map<std::string, Record>& builtin) {
  std::map<std::string, Helper<Record>> all;
  for (const auto& [name, record] : state) all[name] = {record, "state"};
  for (const auto& [name, record] : builtin) all.try_emplace(name, Helper<Record>{record, "built-in"});
  return all;
}

/// What a damaged record hides is not there either.
template <typename Record, typename Read, typename IdAt>
std::map<std::string, Helper<Record>> read_all(const store::Snapshot& snapshot,
                                               std::map<std::string, Record> builtin, const Read& read,
                                               const IdAt& id_at, DamageReport* report) {
  store::DamagedRecords damaged;
  const auto state = read(snapshot, &damaged);
  if (report != nullptr) report->note(damaged);
  for (const store::Damaged& record : damaged) {
    if (const auto name = id_at(record.path)) builtin.erase(*name);
  }
  return joined(state, builtin);
}

template <typename Record>
Helper<Record> found_or_builtin(std::optional<Record> state, const std::map<std::string, Record>& builtin,
                                const std::string& name, const std::vector<std::string>& known,
                                std::string_view what, std::string_view command) {
  if (state) return {*std::move(state), "state"};
  if (const auto found = builtin.find(name); found != builtin.end()) return {found->second, "built-in"};
  const auto near = nearest(name, known);
  throw Error(
      ErrorKind::NotFound, fmt::format("there is no {} '{}'", what, shortened(name)),
      near ? fmt::format("did you mean '{}'?", *near) : fmt::format("see: git changeling {} list", command));
}

template <typename Record>
std::vector<std::string> names_of(const std::map<std::string, Helper<Record>>& helpers) {
  std::vector<std::string> names;
  for (const auto& [name, helper] : helpers) names.push_back(name);
  return names;
}

/// Adds what `find` gives, or why it gives nothing.
template <typename Record, typename Find>
void add_or_miss(const std::string& name, std::vector<Record>& records, std::vector<std::string>& missing,
                 const Find& find) {
  const bool is_known =
      std::any_of(records.begin(), records.end(), [&](const Record& record) { return record.name == name; });
  if (is_known) return;
  try {
    records.push_back(find(name).record);
  } catch (const Error& error) {
    missing.emplace_back(error.what());
  }
}

}  // namespace

std::map<std::string, Helper<Subagent>> Helpers::subagents(DamageReport* damage) const {
  return read_all(snapshot_, builtin_subagents(), store::read_subagents, store::subagent_of, damage);
}

std::map<std::string, Helper<Skill>> Helpers::skills(DamageReport* damage) const {
  return read_all(snapshot_, builtin_skills(), store::read_skills, store::skill_of, damage);
}

Helper<Subagent> Helpers::subagent(const std::string& name) const {
  auto state = helper_name_problem(name) ? std::nullopt : store::read_subagent(snapshot_, name);
  const auto known =
      state || builtin_subagents().contains(name) ? std::vector<std::string>() : names_of(subagents());
  return found_or_builtin(std::move(state), builtin_subagents(), name, known, "sub-agent", "agent");
}

Helper<Skill> Helpers::skill(const std::string& name) const {
  auto state = helper_name_problem(name) ? std::nullopt : store::read_skill(snapshot_, name);
  const auto known =
      state || builtin_skills().contains(name) ? std::vector<std::string>() : names_of(skills());
  return found_or_builtin(std::move(state), builtin_skills(), name, known, "skill", "skill");
}

Equipment Helpers::equipment(const std::vector<std::string>& agents,
                             const std::vector<std::string>& skills) const {
  Equipment equipment;
  for (const std::string& name : agents) {
    add_or_miss(name, equipment.agents, equipment.missing,
                [&](const std::string& wanted) { return subagent(wanted); });
  }
  std::vector<std::string> wanted_skills = skills;
  for (const Subagent& subagent : equipment.agents)
    wanted_skills.insert(wanted_skills.end(), subagent.skills.begin(), subagent.skills.end());
  for (const std::string& name : wanted_skills) {
    add_or_miss(name, equipment.skills, equipment.missing,
                [&](const std::string& wanted) { return skill(wanted); });
  }
  return equipment;
}

std::string equipment_problem(const Equipment& equipment, const std::string& agent_type) {
  if (!equipment.missing.empty()) return equipment.missing.front();
  for (const Subagent& subagent : equipment.agents) {
    if (!subagent.agent.empty() && subagent.agent != agent_type)
      return fmt::format("the sub-agent '{}' is made for the agent type {}, and {} is used", subagent.name,
                         subagent.agent, agent_type);
  }
  return "";
}

void require_equipment(const Equipment& equipment, const std::string& agent_type, ErrorKind kind) {
  const std::string problem = equipment_problem(equipment, agent_type);
  if (problem.empty()) return;
  throw Error(kind, problem, "see what there is: git changeling agent list, git changeling skill list");
}

}  // namespace changeling::project
