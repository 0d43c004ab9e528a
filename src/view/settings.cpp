#include "view/settings.hpp"

#include "project/setting_changes.hpp"
#include "project/settings.hpp"
#include "project/task_settings.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::view {
namespace {

using Found = std::map<std::string, project::SettingValues>;

const project::SettingValues* value_in(const Found& found, std::string_view key) {
  const auto one = found.find(to_lower(key));
  return one == found.end() ? nullptr : &one->second;
}

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

Json unknown_setting(const std::string& key, const project::SettingValues* found) {
  return {{"key", key},
          {"known", false},
          {"value", found == nullptr ? Json(nullptr) : Json(found->values.back())},
          {"origin", found == nullptr ? Json(nullptr) : Json(found->origin)},
          {"default", nullptr},
          {"only_here", nullptr},
          {"help", project::complaint_about(key)}};
}

}  // namespace

Json to_json(const project::Setting& setting, const project::SettingValues* found) {
  Json value = nullptr;
  if (found != nullptr && setting.is_secret) {
    value = "(set, not shown)";
  } else if (found != nullptr) {
    value = setting.several ? Json(found->values) : Json(found->values.back());
  } else if (!setting.fallback.empty()) {
    value = setting.fallback;
  }
  return {{"key", setting.key},
          {"known", true},
          {"value", value},
          {"origin", found == nullptr ? Json(nullptr) : Json(found->origin)},
          {"default", text_or_null(setting.fallback.empty() ? setting.otherwise : setting.fallback)},
          {"only_here", text_or_null(project::why_only_here(setting))},
          {"help", setting.sentence}};
}

Json settings_json(project::Project& project) {
  const Found found = project::read_setting_values(project);
  Json list = Json::array();
  for (const auto& settings : {project::settings(), project::task_settings()}) {
    for (const project::Setting& setting : settings)
      list.push_back(to_json(setting, value_in(found, setting.key)));
  }
  for (const std::string& unknown : project::unknown_settings(project.repository()))
    list.push_back(unknown_setting(unknown, value_in(found, unknown)));
  return list;
}

}  // namespace changeling::view
