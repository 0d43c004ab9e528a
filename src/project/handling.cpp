#include "project/handling.hpp"

#include <fmt/format.h>

#include "changeling/resolution.hpp"
#include "project/task_settings.hpp"
#include "support/error.hpp"

namespace changeling::project {
namespace {

const AgentType& find_agent(const std::string& name,
                            const std::map<std::string, AgentType>& repository_agents) {
  if (const auto found = repository_agents.find(name); found != repository_agents.end()) return found->second;
  return builtin_agent_types().at(name);
}

Layer layer_of(std::string origin, const RoleDefinition& role) {
  Layer layer;
  layer.origin = std::move(origin);
  if (!role.agent.empty()) layer.values["agent"] = role.agent;
  if (!role.prompt.empty()) layer.values["prompt"] = role.prompt;
  if (!role.command.empty()) layer.values["run"] = role.command;
  if (!role.agents.empty()) layer.values["agents"] = role.agents;
  if (!role.skills.empty()) layer.values["skills"] = role.skills;
  for (const auto& [key, location] : role.locations) {
    if (layer.values.contains(key)) layer.locations[key] = location;
  }
  return layer;
}

std::vector<queue::Criterion> criteria_of(const RoleDefinition& role) {
  std::vector<queue::Criterion> criteria;
  try {
    for (const std::string& text : role.accept) criteria.push_back(queue::parse_criterion(text));
  } catch (const Error& error) {
    const auto location = role.locations.find("accept");
    const std::string place =
        location == role.locations.end() ? "" : fmt::format(" (from {})", location->second.describe());
    throw Error(ErrorKind::Invalid, fmt::format("role \"{}\": accept: {}{}", role.name, error.what(), place),
                error.hint());
  }
  return criteria;
}

RoleDefinition any_task() {
  RoleDefinition role;
  role.prompt = "Do the task below.";
  return role;
}

}  // namespace

Layer task_defaults(const ConfigValues& config) {
  Layer layer;
  layer.origin = "git config";
  for (const FieldSpec& field : definition_fields()) {
    if (!is_for_tasks(field)) continue;
    const std::string key = fmt::format("changeling.task.{}", field.option);
    const std::vector<std::string> words = config(key);
    if (words.empty()) continue;
    layer.values[std::string(field.key)] = parse_task_setting(field, words);
    layer.locations[std::string(field.key)] = SourceLocation{key};
  }
  return layer;
}

Handling handling_of_role(const RoleDefinition* role, const Layer& defaults,
                          const std::map<std::string, AgentType>& repository_agents) {
  std::vector<RankedLayer> layers;
  layers.reserve(3);
  layers.emplace_back(RankedLayer{SourceRank::UserDefaults, layer_of("default", any_task())});
  layers.emplace_back(RankedLayer{SourceRank::UserDefaults, defaults});
  if (role != nullptr) {
    layers.emplace_back(RankedLayer{SourceRank::StateRef, layer_of("role " + role->name, *role)});
  }
  const std::string name = role == nullptr ? "task" : role->name;
  Handling handling;
  const std::string subject = role == nullptr ? "tasks without a role" : fmt::format("role \"{}\"", name);
  handling.definition = resolve(name, std::move(layers), {}, repository_agents, subject).definition;
  // Of two runs of one task only the one whose worker holds the claim may go on.
  handling.definition.overlap = OverlapPolicy::Replace;
  handling.definition.output = OutputKind::PullRequest;
  handling.definition.max_open_prs = 1;
  handling.agent = find_agent(handling.definition.agent, repository_agents);
  handling.interactive = role != nullptr && role->interactive;
  if (role == nullptr) return handling;
  handling.accept = criteria_of(*role);
  handling.definition.equipment = role->equipment;
  return handling;
}

}  // namespace changeling::project
