#include "project/task_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "changeling/toml_file.hpp"
#include "support/error.hpp"

namespace changeling::project {
namespace {

/// They say when a changeling runs and what it proposes at most; a task runs when it is claimed. Sub-agents
/// and skills belong to roles, whose approval has them.
constexpr std::array<std::string_view, 13> not_for_tasks{
    "agents", "catch_up", "description", "draft_on_failure", "enabled",  "max_open_prs", "on",
    "output", "overlap",  "schedule",    "skills",           "template", "timezone"};

std::string key_of(const FieldSpec& field) {
  return fmt::format("changeling.task.{}", field.option);
}

std::string without_option_name(const FieldSpec& field, const std::string& message) {
  const std::string prefix = fmt::format("option --{}: ", field.option);
  return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
}

std::vector<const FieldSpec*> fields_for_tasks() {
  std::vector<const FieldSpec*> fields;
  for (const FieldSpec& field : definition_fields()) {
    if (is_for_tasks(field)) fields.push_back(&field);
  }
  return fields;
}

/// Their keys are kept by the caller, in the order of the fields.
std::vector<Setting> settings_of(const std::vector<const FieldSpec*>& fields,
                                 const std::vector<std::string>& keys) {
  std::vector<Setting> settings;
  for (std::size_t index = 0; index < fields.size(); ++index) {
    const FieldSpec& field = *fields[index];
    const bool several = field.kind == FieldKind::TextList || field.kind == FieldKind::TextMap;
    const std::string_view value = field.kind == FieldKind::Boolean ? "true|false" : field.value_name;
    std::string_view sentence = field.help;
    if (sentence.ends_with('.')) sentence.remove_suffix(1);
    settings.push_back({keys[index], value, "", "the option's default", sentence, nullptr, several, &field});
  }
  return settings;
}

}  // namespace

bool is_for_tasks(const FieldSpec& field) {
  return !field.option.empty() &&
         std::find(not_for_tasks.begin(), not_for_tasks.end(), field.key) == not_for_tasks.end();
}

std::span<const Setting> task_settings() {
  static const std::vector<const FieldSpec*> fields = fields_for_tasks();
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> names;
    for (const FieldSpec* field : fields) names.push_back(key_of(*field));
    return names;
  }();
  static const std::vector<Setting> settings = settings_of(fields, keys);
  return settings;
}

FieldValue parse_task_setting(const FieldSpec& field, const std::vector<std::string>& words) {
  try {
    return parse_option_value(field, words);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid,
                fmt::format("{}: {}", key_of(field), without_option_name(field, error.what())), error.hint());
  }
}

}  // namespace changeling::project
