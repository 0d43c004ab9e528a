#include "view/hooks.hpp"

#include "support/json.hpp"

namespace changeling::view {
namespace {

Json hook_json(const project::InstalledHook& hook) {
  const std::string file = hook.place.file.string();
  return {{"event", hook.place.event},
          {"layout", to_string(hook.place.layout)},
          {"file", file.empty() ? Json(nullptr) : Json(file)},
          {"changed", hook.changed}};
}

Json standing_json(const project::HookStanding& standing) {
  return {{"event", standing.event},
          {"state", to_string(standing.health.state)},
          {"layout", standing.layout ? to_string(*standing.layout) : "-"},
          {"reason", standing.health.reason},
          {"last_fired", json_or_null(standing.last_fired)},
          {"last_missed", standing.missed ? Json(format_timestamp(standing.missed->at)) : Json(nullptr)},
          {"changelings", standing.changelings}};
}

}  // namespace

Json to_json(const std::vector<project::InstalledHook>& installed) {
  Json hooks = Json::array();
  for (const project::InstalledHook& hook : installed) hooks.push_back(hook_json(hook));
  return {{"installed", std::move(hooks)}};
}

Json to_json(const project::RemovedHooks& removed) {
  Json names = Json::array();
  for (const auto& file : removed.files) names.push_back(file.string());
  for (const std::string& event : removed.configured_events) names.push_back("hook.git-changeling-" + event);
  return {{"removed", std::move(names)}};
}

Json to_json(const std::vector<project::HookStanding>& standings, const std::vector<std::string>& log) {
  Json events = Json::array();
  for (const project::HookStanding& standing : standings) events.push_back(standing_json(standing));
  return {{"events", std::move(events)}, {"log", log}};
}

}  // namespace changeling::view
