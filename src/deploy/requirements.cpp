#include "deploy/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::deploy {
namespace {

/// The versions that this program was written against; a range would change under a deployed changeling.
const std::map<std::string, std::string>& agent_packages() {
  static const std::map<std::string, std::string> packages{
      {"claude", "@anthropic-ai/claude-code@2.1.328"},
      {"codex", "@openai/codex@0.169.0"},
      {"gemini", "@google/gemini-cli@0.61.0"},
  };
  return packages;
}

bool is_credential(const std::string& variable) {
  return variable.ends_with("_KEY") || variable.ends_with("_TOKEN");
}

/// GitHub's rule for names of secrets, and names that the generated steps use themselves
/// (https://docs.github.com/actions/security-guides/using-secrets-in-github-actions).
void check_secret(const std::string& name) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorKind::Refused, fmt::format("secret {}: {}", name, why),
                "give the variable another name in the definition's secrets");
  };
  const auto allowed = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_';
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), allowed) ||
      (name.front() >= '0' && name.front() <= '9'))
    refuse("a secret elsewhere has letters, digits and \"_\" only, and no digit first");
  if (name == "GITHUB_TOKEN") refuse("the runner's own token is for git changeling, not for the agent");
  for (const std::string_view prefix : {"GITHUB_", "GIT_CONFIG_", "CHANGELING", "ACTIONS_", "RUNNER_"}) {
    if (to_lower(name).starts_with(to_lower(prefix))) refuse(fmt::format("{}… is taken there", prefix));
  }
}

}  // namespace

Requirements requirements_of(const Definition& definition, const AgentType& agent) {
  const auto refuse = [&](const std::string& why, const std::string& hint) {
    throw Error(ErrorKind::Refused, fmt::format("{} cannot be deployed: {}", definition.name, why), hint);
  };
  if (!definition.enabled) refuse("it is disabled", fmt::format("git changeling enable {}", definition.name));
  if (const std::string_view why = launcher_of(agent).tied_here; !why.empty()) {
    refuse(std::string(why),
           fmt::format("git changeling update {} --agent {}", definition.name, default_agent_type));
  }
  if (!definition.schedule.empty() && definition.timezone == "local") {
    refuse("its time zone is \"local\", and its schedule will be kept on another machine",
           fmt::format("git changeling update {} --timezone Europe/Berlin", definition.name));
  }
  if (definition.sandbox == SandboxPolicy::Required)
    refuse("it requires a sandbox", "the runner is one: set sandbox to auto");
  Requirements needs;
  needs.secrets = definition.secrets;
  const auto named = [&](const std::string& variable) {
    return std::find(needs.secrets.begin(), needs.secrets.end(), variable) != needs.secrets.end();
  };
  // One credential is enough for an agent; which one can be said with the definition's secrets.
  const auto& passed = agent.pass_environment;
  if (std::none_of(passed.begin(), passed.end(),
                   [&](const auto& variable) { return is_credential(variable) && named(variable); })) {
    const auto first = std::find_if(passed.begin(), passed.end(), is_credential);
    if (first != passed.end()) needs.secrets.push_back(*first);
  }
  std::sort(needs.secrets.begin(), needs.secrets.end());
  needs.secrets.erase(std::unique(needs.secrets.begin(), needs.secrets.end()), needs.secrets.end());
  for (const std::string& secret : needs.secrets) check_secret(secret);
  if (const auto package = agent_packages().find(agent.name); package != agent_packages().end()) {
    needs.agent_package = package->second;
    if (!agent.command.empty()) needs.agent_program = agent.command.front();
  } else if (definition.agent != "command") {
    needs.warnings.push_back(fmt::format(
        "the agent {} must be there already, or be brought by the definition's setup commands", agent.name));
  }
  if (!definition.copy.empty())
    needs.warnings.push_back("the files of its copy list are on your machine only: " +
                             join(definition.copy, ", "));
  if (!definition.triggers.empty())
    needs.warnings.push_back("its events do not reach it there, only its schedule does: " +
                             join(definition.triggers, ", "));
  return needs;
}

}  // namespace changeling::deploy
