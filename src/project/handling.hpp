#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"
#include "changeling/fields.hpp"
#include "changeling/toml_file.hpp"
#include "queue/task.hpp"

namespace changeling::project {

/// How a task is worked on.
struct Handling {
  Definition definition;  ///< Named after the role, or "task".
  AgentType agent;
  bool interactive = false;                   ///< The agent talks with the person at the terminal.
  std::vector<queue::Criterion> accept = {};  ///< The role's, besides those of the task.
};

/// Decides by the task's role. Throws Error(NotFound) when there is no such role or agent type.
using ChooseHandling = std::function<Handling(const queue::Task&)>;

/// The values of a configuration key, see git::Repository::config_all.
using ConfigValues = std::function<std::vector<std::string>(const std::string& key)>;

/// What `changeling.task.OPTION` says about all tasks: any option of a definition that means something for a
/// task, such as verify, setup, timeout or permission. Throws Error(Invalid) naming the key.
Layer task_defaults(const ConfigValues& config);

/// The handling of tasks of a role, or of tasks without one when `role` is null: the defaults, with agent and
/// prompt of the role. Throws as resolve().
Handling handling_of_role(const RoleDefinition* role, const Layer& defaults,
                          const std::map<std::string, AgentType>& repository_agents);

}  // namespace changeling::project
