#pragma once

#include <nlohmann/json_fwd.hpp>

#include "run/agent_logins.hpp"
#include "work/held_logins.hpp"

namespace changeling::view {

/// As `credential list` answers it for each agent type; no value is in it.
nlohmann::json to_json(const run::AgentLogin& login);
/// As `credential check` answers it.
nlohmann::json to_json(const std::string& agent, const run::LoginState& state);
/// As `status` answers it.
nlohmann::json to_json(const work::HeldLogin& held);

}  // namespace changeling::view
