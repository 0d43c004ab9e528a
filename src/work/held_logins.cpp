#include "work/held_logins.hpp"

#include <fmt/format.h>

#include <optional>

#include "project/definitions.hpp"
#include "project/roles.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "work/work_order.hpp"

namespace changeling::work {
namespace {

using Missing = std::optional<project::MissingLogin>;

/// Each agent type is looked up once.
class Lookup {
 public:
  explicit Lookup(const Environment& environment) : logins_(environment) {}

  const Missing& find(const AgentType& agent) {
    const auto known = found_.find(agent.name);
    return known != found_.end() ? known->second : found_[agent.name] = logins_.find(agent);
  }

 private:
  project::MissingLogins logins_;
  std::map<std::string, Missing> found_;
};

/// What it throws is for whoever works on the task, or starts the changeling, to say.
template <typename Find>
Missing found_or_nothing(const Find& find) {
  try {
    return find();
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<std::string> role_names(project::Project& project) {
  std::vector<std::string> names{""};
  const auto roles = project::RoleSet::load(project, project::FileMistake::Said);
  for (const auto& [name, role] : roles.all()) names.push_back(name);
  return names;
}

/// As a worker of that role, or of none, would have it.
std::map<std::string, project::MissingLogin> roles_with_missing(project::Project& project, Lookup& lookup,
                                                                const std::string& worker_role) {
  const auto handling = choose_handling(project, worker_role, Gate::Open);
  std::map<std::string, project::MissingLogin> found;
  for (const std::string& role : role_names(project)) {
    queue::Task task;
    task.role = role;
    if (auto missing = found_or_nothing([&] { return lookup.find(handling(task).agent); }))
      found.emplace(role, std::move(*missing));
  }
  return found;
}

std::map<std::string, project::MissingLogin> changelings_with_missing(project::Project& project,
                                                                      Lookup& lookup) {
  const auto set =
      project::DefinitionSet::load(project, project::FileReading::WorkTree, project::FileMistake::Said);
  std::map<std::string, project::MissingLogin> found;
  for (const std::string& name : set.names()) {
    auto missing = found_or_nothing([&]() -> Missing {
      const Definition definition = set.resolve(name).definition;
      return definition.enabled ? lookup.find(set.agent(definition.agent)) : std::nullopt;
    });
    if (missing) found.emplace(name, std::move(*missing));
  }
  return found;
}

}  // namespace

std::vector<HeldLogin> held_logins(project::Project& project) {
  if (project::MissingLogins(project.environment()).none_noted()) return {};
  Lookup lookup(project.environment());
  std::map<std::string, HeldLogin> by_agent;
  for (auto& [name, missing] : roles_with_missing(project, lookup, "")) {
    by_agent[missing.agent].roles.push_back(name);
    by_agent[missing.agent].login = missing;
  }
  for (auto& [name, missing] : changelings_with_missing(project, lookup)) {
    by_agent[missing.agent].changelings.push_back(name);
    by_agent[missing.agent].login = missing;
  }
  std::vector<HeldLogin> held;
  for (auto& [agent, one] : by_agent) held.push_back(std::move(one));
  return held;
}

std::string who_waits(const HeldLogin& held) {
  std::vector<std::string> parts = held.changelings;
  for (const std::string& role : held.roles)
    parts.push_back(role.empty() ? "tasks without a role" : fmt::format("tasks of the role {}", role));
  if (parts.size() < 2) return join(parts, "");
  const std::string last = parts.back();
  parts.pop_back();
  return fmt::format("{} and {}", join(parts, ", "), last);
}

std::map<std::string, std::string> roles_without_login(project::Project& project,
                                                       const std::string& worker_role, Timestamp since) {
  if (project::MissingLogins(project.environment()).none_noted()) return {};
  Lookup lookup(project.environment());
  const Timestamp now = project.clock().now();
  std::map<std::string, std::string> held;
  for (const auto& [role, missing] : roles_with_missing(project, lookup, worker_role)) {
    if (missing.since >= since && missing.holds(now)) held.emplace(role, missing.reason);
  }
  return held;
}

}  // namespace changeling::work
