#include "view/credential.hpp"

#include "support/json.hpp"

namespace changeling::view {
namespace {

Json to_json(const run::FoundCredential& found) {
  return {{"variable", found.variable},
          {"where", found.kept_at ? "kept" : "environment"},
          {"since", json_or_null(found.kept_at)}};
}

Json missing_json(const project::MissingLogin& missing) {
  return {{"reason", missing.reason},
          {"since", format_timestamp(missing.since)},
          {"tried_again_at", format_timestamp(missing.tried_again_at)}};
}

}  // namespace

Json to_json(const run::AgentLogin& login) {
  Json json{{"agent", login.agent.name},
            {"takes", login.takes},
            {"credentials", Json::array()},
            {"logged_in", login.told ? Json(login.told->works) : Json(nullptr)},
            {"how", login.told ? Json(login.told->detail) : Json(nullptr)},
            {"until", json_or_null(login.until)},
            {"renews_itself", login.renews_itself},
            {"trusted", login.trusted},
            {"missing", login.missing ? missing_json(*login.missing) : Json(nullptr)}};
  for (const run::FoundCredential& found : login.found) json["credentials"].push_back(to_json(found));
  return json;
}

Json to_json(const std::string& agent, const run::LoginState& state) {
  return {{"agent", agent}, {"works", state.works}, {"detail", state.detail}};
}

Json to_json(const work::HeldLogin& held) {
  Json json = missing_json(held.login);
  json["agent"] = held.login.agent;
  json["roles"] = held.roles;
  json["changelings"] = held.changelings;
  return json;
}

}  // namespace changeling::view
