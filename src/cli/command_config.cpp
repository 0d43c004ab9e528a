#include <fmt/format.h>

#include <filesystem>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/help_text.hpp"
#include "project/setting_values.hpp"
#include "project/settings.hpp"
#include "project/task_settings.hpp"
#include "project/token_host.hpp"
#include "support/error.hpp"
#include "support/process.hpp"
#include "support/text.hpp"
#include "view/settings.hpp"

namespace changeling::cli {
namespace {

using project::Setting;

using Found = project::SettingValues;

/// "file:/…/.git/config" as people say it.
std::string place(Context& context, const std::string& origin) {
  constexpr std::string_view file = "file:";
  if (origin.starts_with(file)) {
    const std::string path = origin.substr(file.size());
    const std::string here = context.repository().common_directory().parent_path().string() + "/";
    if (path.starts_with(here)) return path.substr(here.size());
    const std::string home = context.environment().get("HOME").value_or("") + "/";
    return home.size() > 1 && path.starts_with(home) ? "~/" + path.substr(home.size()) : path;
  }
  return origin.starts_with("command line") ? "the command line" : origin;
}

std::string to_text(Context& context, const Setting& setting, const Found* found) {
  const std::string_view fallback = setting.fallback.empty() ? setting.otherwise : setting.fallback;
  const std::string key = styled(std::string(setting.key), Style::Bold, context.terminal().color);
  std::string text;
  if (found == nullptr) {
    text = setting.fallback.empty() ? fmt::format("{}  ({})\n", key, fallback)
                                    : fmt::format("{} = {}\n", key, fallback);
  } else {
    text = fmt::format("{} = {}  (from {}; default: {})\n", key,
                       setting.is_secret ? "(set, not shown)" : join(found->values, ", "),
                       place(context, found->origin), fallback);
  }
  return text + folded(std::string(setting.sentence), 4, 0);
}

Answer list(Context& context) {
  const auto found = project::read_setting_values(context);
  Answer answer{{{"settings", view::settings_json(context)}}, "", 0};
  for (const auto& settings : {project::settings(), project::task_settings()}) {
    for (const Setting& setting : settings) {
      const auto one = found.find(to_lower(setting.key));
      answer.text += to_text(context, setting, one == found.end() ? nullptr : &one->second);
    }
  }
  return answer;
}

Answer get(Context& context, const std::string& key) {
  const Setting& setting = project::known_setting(key);
  const auto found = project::read_setting_values(context);
  const auto one = found.find(to_lower(setting.key));
  const Json json = view::to_json(setting, one == found.end() ? nullptr : &one->second);
  if (one != found.end())
    return {json,
            join(setting.several ? one->second.values : std::vector{one->second.values.back()}, "\n") + "\n"};
  if (!setting.fallback.empty()) return {json, std::string(setting.fallback) + "\n"};
  context.message(fmt::format("{} is not set; then: {}", setting.key, setting.otherwise));
  return {json, "", 1};
}

struct Change {
  std::string key;
  std::string value;
  bool global = false;
  bool add = false;
};

/// Whatever git writes, it puts a new file there: what stands for "no file", such as /dev/null, must stay
/// what it is.
void require_file(Context& context) {
  const auto path = context.environment().get("GIT_CONFIG_GLOBAL");
  std::error_code ignored;
  if (!path || !std::filesystem::exists(*path, ignored) || std::filesystem::is_regular_file(*path, ignored))
    return;
  throw Error(ErrorKind::Refused, fmt::format("GIT_CONFIG_GLOBAL names {}, which is no file", *path),
              "name a file with it, or leave --global out");
}

/// git writes it: it takes the lock, follows worktree configurations, and knows where the user's file is.
void write(Context& context, std::vector<std::string> words, bool global) {
  if (global) require_file(context);
  words.insert(words.begin(), {"config", global ? "--global" : "--local"});
  context.git().check(std::move(words));
}

/// Whether a person who changes it says where the token is to go.
bool decides_host(std::string_view key) {
  return key == "changeling.apiUrl" || key == "changeling.forge";
}

Answer set(Context& context, const Change& change) {
  const Setting& setting = project::known_setting(change.key);
  try {
    project::check_setting(setting, context.repository(), change.value);
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, error.what(), error.hint());
  }
  if (change.add && !setting.several) {
    throw Error(ErrorKind::Usage, fmt::format("--add: {} takes one value", setting.key),
                fmt::format("git changeling config set {} {}", setting.key, shell_quote(change.value)));
  }
  write(context, {change.add ? "--add" : "--replace-all", std::string(setting.key), change.value},
        change.global);
  if (decides_host(setting.key)) project::forget_token_host(context);
  return {{{"key", setting.key}, {"value", change.value}},
          fmt::format("{} = {}\n", setting.key, change.value)};
}

Answer unset(Context& context, const Change& change) {
  // Also one that nobody reads: taking it away is what its warning asks for.
  const Setting* setting = project::find_setting(change.key);
  const auto unknown = project::unknown_settings(context.repository());
  const bool is_stray =
      std::find(unknown.begin(), unknown.end(), project::full_setting_name(change.key)) != unknown.end();
  if (setting == nullptr && !is_stray) project::known_setting(change.key);
  const std::string key =
      setting == nullptr ? project::full_setting_name(change.key) : std::string(setting->key);
  if (change.global) require_file(context);
  const auto before = project::read_setting_values(context);
  const ProcessResult result =
      context.git().run({"config", change.global ? "--global" : "--local", "--unset-all", key});
  if (!result.status.success()) {
    const auto one = before.find(to_lower(key));
    if (one == before.end()) return {{{"key", key}, {"unset", false}}, key + " was not set\n", 1};
    throw Error(ErrorKind::Refused,
                fmt::format("{} is set by {}, not there", key, place(context, one->second.origin)),
                change.global ? fmt::format("git changeling config unset {}", key)
                              : fmt::format("git changeling config unset {} --global", key));
  }
  if (decides_host(key)) project::forget_token_host(context);
  return {{{"key", key}, {"unset", true}}, fmt::format("{} is no longer set\n", key)};
}

void add_key(Syntax& syntax, std::string& key) {
  syntax.value("key", key, "The setting, with or without \"changeling.\"").value_name("KEY").required();
}

}  // namespace

CommandSpec config_list_command() {
  return {
      "config list", "Show every setting with its value, where it comes from, and what it decides",
      "Settings are keys of git's own configuration; git config reads and writes them as well. A key below "
      "\"changeling.\" that means nothing here is named with the nearest right one.",
      [](Syntax&) -> Action { return list; }, Needs::Nothing};
}

CommandSpec config_get_command() {
  return {"config get", "Print the value of a setting, or its default",
          "Exit code 1 when it is not set and no single value stands for it.",
          [](Syntax& syntax) -> Action {
            auto key = std::make_shared<std::string>();
            add_key(syntax, *key);
            return [key](Context& context) { return get(context, *key); };
          },
          Needs::Nothing};
}

CommandSpec config_set_command() {
  return {"config set", "Set a setting",
          "The value is checked as it is when it is read. It goes into this repository's configuration, or "
          "with --global into yours, for all repositories.",
          [](Syntax& syntax) -> Action {
            auto change = std::make_shared<Change>();
            add_key(syntax, change->key);
            syntax.value("value", change->value, "The new value").value_name("VALUE").required();
            syntax.flag("--global", change->global, "For all repositories of this user");
            syntax.flag("--add", change->add, "One more value, for a setting that takes several");
            return [change](Context& context) { return set(context, *change); };
          },
          Needs::Nothing};
}

CommandSpec config_unset_command() {
  return {"config unset", "Take a setting back, so that its default counts",
          "Also takes away a key that means nothing here.",
          [](Syntax& syntax) -> Action {
            auto change = std::make_shared<Change>();
            add_key(syntax, change->key);
            syntax.flag("--global", change->global, "In your configuration for all repositories");
            return [change](Context& context) { return unset(context, *change); };
          },
          Needs::Nothing};
}

}  // namespace changeling::cli
