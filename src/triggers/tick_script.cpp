#include "triggers/tick_script.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hooks/shell_text.hpp"
#include "support/process.hpp"
#include "support/text.hpp"

namespace changeling::triggers {
namespace {

/// A relative folder would mean another one wherever cron starts things; git puts its own folder in front.
std::string usable_path(const std::string& path) {
  std::vector<std::string> folders;
  for (std::string& folder : split(path, ':')) {
    if (!folder.starts_with('/') || folder.ends_with("/git-core")) continue;
    if (std::find(folders.begin(), folders.end(), folder) == folders.end())
      folders.push_back(std::move(folder));
  }
  return join(folders, ":");
}

}  // namespace

std::vector<std::pair<std::string, std::string>> captured_variables(const Environment& environment) {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const char* name : {"HOME", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
                           "XDG_STATE_HOME", "XDG_CACHE_HOME"}) {
    auto value = environment.get(name);
    if (!value || value->empty()) continue;
    if (std::string_view(name) == "PATH") value = usable_path(*value);
    variables.emplace_back(name, *value);
  }
  return variables;
}

std::string tick_script(const std::filesystem::path& program, const std::filesystem::path& log,
                        const Environment& environment) {
  std::string variables;
  for (const auto& [name, value] : captured_variables(environment))
    variables += fmt::format("export {}={}\n", name, shell_quote(value));
  return expand_placeholders(hooks::with_lines(hooks::shell_text("tick.sh"), "variables", variables),
                             {{"program", shell_quote(program.string())},
                              {"log_folder", shell_quote(log.parent_path().string())},
                              {"log", shell_quote(log.string())}});
}

}  // namespace changeling::triggers
