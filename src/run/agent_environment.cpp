#include "run/agent_environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace changeling::run {
namespace {

constexpr std::array allowed_names{
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "SHELL",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TERM",
    "COLORTERM",
    "NO_COLOR",
    "TMPDIR",
    "CI",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "NODE_EXTRA_CA_CERTS",
    "JAVA_HOME",
    "GOPATH",
    "GOROOT",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "NVM_DIR",
    "VIRTUAL_ENV",
    "PYENV_ROOT",
    "CC",
    "CXX",
    "CCACHE_DIR",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "XDG_STATE_HOME",
    "LD_LIBRARY_PATH",
};

/// Settings for every git that the agent starts. Empty credential.helper resets the list of helpers.
void restrict_git(Environment& environment, const AgentSurroundings& surroundings) {
  const std::vector<std::pair<std::string, std::string>> settings{
      {"credential.helper", ""},
      {"core.askPass", ""},
      {"core.excludesFile", surroundings.excludes.string()},
      {"gc.auto", "0"},
      // The person's signature is not the agent's to give, and a key that asks would fail the commit.
      {"commit.gpgSign", "false"},
      {"tag.gpgSign", "false"},
      {"tag.forceSignAnnotated", "false"},
      {"push.gpgSign", "false"},
  };
  environment.set("GIT_CONFIG_COUNT", std::to_string(settings.size()));
  for (std::size_t index = 0; index < settings.size(); ++index) {
    environment.set(fmt::format("GIT_CONFIG_KEY_{}", index), settings[index].first);
    environment.set(fmt::format("GIT_CONFIG_VALUE_{}", index), settings[index].second);
  }
  if (!surroundings.git_trace.empty()) {
    // Not GIT_TRACE_REFS: with it several versions of git take no commit's id as the start of a branch.
    environment.set("GIT_TRACE2_EVENT", surroundings.git_trace.string());
    environment.set("GIT_TRACE2_EVENT_NESTING", "1");
    environment.set("GIT_TRACE2_ENV_VARS", "GIT_DIR");
  }
  environment.set("GIT_TERMINAL_PROMPT", "0");
  environment.set("GIT_ASKPASS", "/bin/false");
  environment.set("SSH_ASKPASS", "/bin/false");
  environment.set("GIT_SSH_COMMAND", "/bin/false");
  environment.set("GIT_EDITOR", "true");
  // Without its configuration folder gh has no login; HOME has to stay for the agent's own.
  environment.set("GH_CONFIG_DIR", (surroundings.worktree / ".changeling" / "no-gh").string());
  environment.set("GIT_AUTHOR_NAME", surroundings.identity.name);
  environment.set("GIT_AUTHOR_EMAIL", surroundings.identity.email);
  environment.set("GIT_COMMITTER_NAME", surroundings.identity.name);
  environment.set("GIT_COMMITTER_EMAIL", surroundings.identity.email);
}

}  // namespace

bool is_for_agents(const std::string& name) {
  return name.starts_with("LC_") ||
         std::find(allowed_names.begin(), allowed_names.end(), name) != allowed_names.end();
}

Environment agent_environment(const Environment& user, const AgentType& agent, const Definition& definition,
                              const AgentSurroundings& surroundings) {
  Environment environment;
  const std::string_view prefix = launcher_of(agent).passed_prefix;
  for (const auto& [name, value] : user.variables()) {
    const bool is_launchers = !prefix.empty() && name.starts_with(prefix);
    if (is_for_agents(name) || is_launchers) environment.set(name, value);
  }
  for (const auto* names : {&agent.pass_environment, &definition.secrets}) {
    for (const std::string& name : *names) {
      if (const auto value = user.get(name)) environment.set(name, *value);
    }
  }
  for (const auto* variables : {&agent.environment, &definition.environment}) {
    for (const auto& [name, value] : *variables) environment.set(name, value);
  }
  restrict_git(environment, surroundings);
  environment.set("CHANGELING_RUN", surroundings.run_id);
  environment.set("CHANGELING_NAME", definition.name);
  environment.set("CHANGELING_TASK", surroundings.task);
  environment.set("CHANGELING_PROMPT_FILE", surroundings.prompt_file.string());
  environment.set("CHANGELING_ARTIFACTS", surroundings.artifacts.string());
  environment.set("CHANGELING_BASE", surroundings.base_commit);
  return environment;
}

std::vector<std::string> secret_values(const Environment& user, const AgentType& agent,
                                       const Definition& definition) {
  std::vector<std::string> names = definition.secrets;
  for (const std::string& name : agent.pass_environment) {
    constexpr std::array endings{"_KEY", "_TOKEN", "_SECRET", "_PASSWORD"};
    if (std::any_of(endings.begin(), endings.end(),
                    [&](const char* ending) { return name.ends_with(ending); }))
      names.push_back(name);
  }
  for (const char* name : {"GITHUB_TOKEN", "GH_TOKEN"}) names.emplace_back(name);
  std::vector<std::string> values;
  for (const std::string& name : names) {
    if (auto value = user.get(name)) values.push_back(std::move(*value));
  }
  return values;
}

}  // namespace changeling::run
