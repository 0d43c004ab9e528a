#pragma once

#include "changeling/agent_type.hpp"
#include "changeling/definition.hpp"

namespace changeling::testing {

inline Definition sample_definition() {
  Definition definition;
  definition.name = "sprite";
  definition.agent = "command";
  definition.command = "make fix";
  definition.timezone = "UTC";
  definition.timeout = std::chrono::minutes(30);
  return definition;
}

inline AgentType command_agent() {
  return builtin_agent_types().at("command");
}

}  // namespace changeling::testing
