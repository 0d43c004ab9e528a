#include "support/withheld_tokens.hpp"

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace changeling {
namespace {

using Variables = std::map<std::string, std::string>;

/// Of the process, as the environment block is.
Variables& kept() {
  static Variables tokens;
  return tokens;
}

bool sounds_secret(std::string_view variable) {
  constexpr std::array<std::string_view, 5> endings{"_KEY", "_TOKEN", "_SECRET", "_PASSWORD", "_PASSPHRASE"};
  return std::any_of(endings.begin(), endings.end(),
                     [variable](std::string_view ending) { return variable.ends_with(ending); });
}

/// Where the value of "NAME=value" stands in the block that the kernel shows; null when there is none.
char* find_value(const std::string& name) {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (std::strncmp(*entry, name.c_str(), name.size()) == 0 && (*entry)[name.size()] == '=')
      return *entry + name.size() + 1;
  }
  return nullptr;
}

/// The bytes go; with `value` the variable stays, in memory of our own.
void overwrite(const std::string& name, const char* value) {
  char* const shown = find_value(name);
  if (value != nullptr) {
    // Not setenv: glibc gives out again what it has given out for the same words.
    ::putenv(::strdup((name + "=" + value).c_str()));
  } else {
    ::unsetenv(name.c_str());
  }
  if (shown != nullptr) ::explicit_bzero(shown, std::strlen(shown));
}

}  // namespace

bool is_forge_token(std::string_view variable) {
  constexpr std::array<std::string_view, 7> names{
      "GITHUB_TOKEN", "GH_TOKEN",    "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN",
      "GITLAB_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN"};
  return std::find(names.begin(), names.end(), variable) != names.end();
}

Environment take_environment() {
  Environment environment = Environment::of_this_process();
  const Variables all = environment.variables();
  for (const auto& [name, value] : all) {
    if (is_forge_token(name)) {
      kept()[name] = value;
      environment.unset(name);
      overwrite(name, nullptr);
    } else if (sounds_secret(name)) {
      overwrite(name, value.c_str());
    }
  }
  if (!environment.get("CHANGELING_RUN")) ::prctl(PR_SET_DUMPABLE, 0);
  return environment;
}

void hide_variable(const std::string& name) {
  if (const char* const shown = find_value(name)) overwrite(name, std::string(shown).c_str());
}

const std::map<std::string, std::string>& withheld_tokens() {
  return kept();
}

void withhold_tokens(std::map<std::string, std::string> tokens) {
  kept() = std::move(tokens);
}

Environment with_withheld_tokens(Environment environment) {
  for (const auto& [name, value] : kept()) environment.set(name, value);
  return environment;
}

}  // namespace changeling
