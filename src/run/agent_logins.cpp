#include "run/agent_logins.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changeling/approval_subject.hpp"
#include "project/credentials.hpp"
#include "project/definitions.hpp"
#include "project/trust.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

using KeptCredentials = std::vector<project::KeptCredential>;

Environment with_credentials(const project::Project& project, const AgentType& agent) {
  Environment environment = project.environment();
  project::Credentials(environment).add_to(environment, agent);
  return environment;
}

bool is_builtin(const AgentType& agent) {
  const auto found = builtin_agent_types().find(agent.name);
  return found != builtin_agent_types().end() &&
         approval_subject(found->second).text == approval_subject(agent).text;
}

/// Its command comes from whoever can write to the repository.
void require_trusted(project::Project& project, const AgentType& agent) {
  if (!is_builtin(agent)) project::require_trust(project, approval_subject(agent));
}

bool is_trusted(project::Project& project, const AgentType& agent) {
  try {
    require_trusted(project, agent);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::vector<FoundCredential> found_for(const project::Project& project, const AgentLogin& login,
                                       const KeptCredentials& kept) {
  std::vector<FoundCredential> found;
  for (const std::string& variable : login.takes) {
    const auto one = std::find_if(kept.begin(), kept.end(), [&](const project::KeptCredential& each) {
      return each.agent == login.agent.name && each.variable == variable;
    });
    if (project::is_given(project.environment(), variable))
      found.push_back({variable, std::nullopt});
    else if (one != kept.end())
      found.push_back({variable, one->kept_at});
  }
  return found;
}

/// Claude Code writes {"claudeAiOauth": {"expiresAt": MILLISECONDS, "refreshToken": …, …}}.
void read_own_login(const Environment& environment, AgentLogin& login) {
  const bool keeps_its_own = launcher_of(login.agent).kind == LauncherKind::Claude;
  if (!keeps_its_own || !login.found.empty()) return;
  const auto text = read_file_if_exists(project::claude_login_file(environment));
  if (!text) return;
  const Json whole = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  const auto own = whole.is_object() ? whole.find("claudeAiOauth") : whole.end();
  if (own == whole.end() || !own->is_object()) return;
  const auto expires = json_integer(*own, "expiresAt");
  if (expires) login.until = std::chrono::floor<Duration>(Timestamp(std::chrono::milliseconds(*expires)));
  login.renews_itself = !json_string(*own, "refreshToken").value_or("").empty();
}

AgentLogin login_of(project::Project& project, AgentType agent, const KeptCredentials& kept) {
  AgentLogin login;
  login.agent = std::move(agent);
  login.takes = project::credential_variables(login.agent);
  login.found = found_for(project, login, kept);
  login.trusted = is_trusted(project, login.agent);
  if (login.trusted)
    login.told = told_login(project.processes(), with_credentials(project, login.agent), login.agent);
  read_own_login(project.environment(), login);
  login.missing = project::MissingLogins(project.environment()).find(login.agent);
  return login;
}

}  // namespace

std::vector<AgentLogin> agent_logins(project::Project& project) {
  const auto set =
      project::DefinitionSet::load(project, project::FileReading::WorkTree, project::FileMistake::Said);
  std::map<std::string, AgentType> agents = builtin_agent_types();
  for (const auto& [name, agent] : set.file_agents()) agents[name] = set.agent(name);
  const auto kept = project::Credentials(project.environment()).list();
  std::vector<AgentLogin> logins;
  for (const auto& [name, agent] : agents) {
    if (!project::credential_variables(agent).empty()) logins.push_back(login_of(project, agent, kept));
  }
  return logins;
}

AgentLogin agent_login(project::Project& project, const std::string& agent) {
  return login_of(project, project::DefinitionSet::load(project).agent(agent),
                  project::Credentials(project.environment()).list());
}

std::string chosen_credential(const AgentType& agent, const std::string& variable) {
  const std::vector<std::string> known = project::credential_variables(agent);
  if (known.empty()) {
    throw Error(ErrorKind::Refused, fmt::format("the agent type {} takes no credential", agent.name),
                "an agent type names those that it takes in pass_env");
  }
  if (variable.empty() && known.size() == 1) return known.front();
  if (std::find(known.begin(), known.end(), variable) != known.end()) return variable;
  const std::string choice = fmt::format("{} takes {}", agent.name, join(known, ", "));
  if (variable.empty()) throw Error(ErrorKind::Usage, "which credential is it?", choice);
  const auto near = nearest(variable, known);
  throw Error(ErrorKind::NotFound, fmt::format("{} takes no {}", agent.name, shortened(variable)),
              near ? fmt::format("did you mean {}?", *near) : choice);
}

std::string keep_credential(project::Project& project, const std::string& agent, const std::string& variable,
                            const std::string& value) {
  const AgentType type = project::DefinitionSet::load(project).agent(agent);
  const std::string chosen = chosen_credential(type, variable);
  project::Credentials(project.environment()).keep(type.name, chosen, std::string(trim(value)));
  return chosen;
}

std::vector<std::string> remove_credentials(project::Project& project, const std::string& agent,
                                            const std::string& variable) {
  const project::Credentials credentials(project.environment());
  std::vector<std::string> removed;
  for (const project::KeptCredential& kept : credentials.list()) {
    if (kept.agent != agent || (!variable.empty() && kept.variable != variable)) continue;
    if (credentials.remove(kept.agent, kept.variable)) removed.push_back(kept.variable);
  }
  return removed;
}

LoginState check_login(project::Project& project, const std::string& agent, Duration limit) {
  const AgentType type = project::DefinitionSet::load(project).agent(agent);
  require_trusted(project, type);
  LoginState state = prove_login(project.processes(), with_credentials(project, type), type, limit);
  if (state.works) project::MissingLogins(project.environment()).forget(type);
  return state;
}

}  // namespace changeling::run
