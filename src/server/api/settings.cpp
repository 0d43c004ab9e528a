#include <fmt/format.h>

#include "project/setting_changes.hpp"
#include "project/settings.hpp"
#include "server/api/entity_tag.hpp"
#include "server/api/handlers.hpp"
#include "view/settings.hpp"

namespace changeling::server::api {
namespace {

/// Values of what is changed at the machine alone can be commands, hosts and folders, and misspelt keys
/// anything at all: a viewer learns only that they are set.
Json as_viewer_sees(const Json& settings) {
  Json shown = Json::array();
  for (Json setting : settings) {
    if (!setting.at("known").get<bool>()) continue;
    if (!setting.at("only_here").is_null() && !setting.at("origin").is_null())
      setting["value"] = "(set, not shown)";
    shown.push_back(std::move(setting));
  }
  return shown;
}

/// With what stands for all of them, for If-Match.
Reply settings_reply(Call& call) {
  Json settings = view::settings_json(call.project);
  if (!call.request.caller.may_write) settings = as_viewer_sees(settings);
  std::string record = settings.dump();
  return {{{"settings", std::move(settings)}}, std::move(record)};
}

void require_match(Call& call) {
  const auto header = call.request.headers.find("if-match");
  if (header == call.request.headers.end()) return;
  const Reply now = settings_reply(call);
  if (allows(header->second, now.record)) return;
  Refusal refusal(412, ErrorKind::Conflict, "settings have changed since you have seen them",
                  "look at them again, and send it with their entity tag");
  refusal.more["yours"] = {{"tag", first_record_tag(header->second)}};
  refusal.more["current"] = {{"tag", record_tag(*now.record)}, {"record", now.body}};
  throw refusal;
}

std::vector<project::SettingChange> changes_of(const Call& call) {
  std::vector<project::SettingChange> changes;
  if (call.has("set")) {
    for (const auto& [key, value] : call.body.at("set").items())
      changes.push_back({&project::known_setting(key), value.get<std::string>(), false});
  }
  for (const std::string& key : call.given_list("reset"))
    changes.push_back({&project::known_setting(key), "", true});
  return changes;
}

}  // namespace

namespace handlers {

Reply list_settings(Call& call) {
  return settings_reply(call);
}

Reply change_settings(Call& call) {
  require_match(call);
  project::change_settings(call.project, changes_of(call));
  return settings_reply(call);
}

}  // namespace handlers
}  // namespace changeling::server::api
