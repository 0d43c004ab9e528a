// What logs agents in on the service's machine. The description keeps everybody but the owner away.
#include <fmt/format.h>

#include "run/agent_logins.hpp"
#include "server/api/handlers.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "view/credential.hpp"

namespace changeling::server::api {
namespace {

/// Below what a request may take by default (serve --request-limit).
constexpr auto time_limit = std::chrono::seconds(20);

}  // namespace

namespace handlers {

Reply list_credentials(Call& call) {
  Json agents = Json::array();
  for (const run::AgentLogin& login : run::agent_logins(call.project)) agents.push_back(view::to_json(login));
  return {{{"agents", std::move(agents)}}};
}

Reply keep_credential(Call& call) {
  const std::string& agent = call.at("agent");
  run::keep_credential(call.project, agent, call.given("variable"), call.given("value"));
  return {view::to_json(run::agent_login(call.project, agent))};
}

Reply remove_credential(Call& call) {
  const std::string& agent = call.at("agent");
  const auto removed = run::remove_credentials(call.project, agent, call.text("variable"));
  if (removed.empty())
    throw Error(ErrorKind::NotFound, fmt::format("nothing is kept for {}", shortened(agent)));
  return {{{"removed", removed}}};
}

Reply validate_credential(Call& call) {
  const std::string& agent = call.at("agent");
  return {view::to_json(agent, run::check_login(call.project, agent, time_limit))};
}

}  // namespace handlers
}  // namespace changeling::server::api
