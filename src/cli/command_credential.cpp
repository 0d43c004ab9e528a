#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <iterator>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/credentials.hpp"
#include "project/definitions.hpp"
#include "run/agent_login.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

struct CredentialOrder {
  std::string agent;
  std::string variable;
};

AgentType agent_named(Context& context, const std::string& name) {
  return project::DefinitionSet::load(context).agent(name);
}

/// The one that was named, or the only one that the agent type has.
std::string chosen_variable(const AgentType& agent, const std::string& variable) {
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

/// From standard input, where neither a list of processes nor a history of commands has it.
std::string read_value(const CredentialOrder& order, const std::string& variable) {
  if (::isatty(STDIN_FILENO) == 1) {
    throw Error(
        ErrorKind::Usage, "a credential is read from standard input",
        fmt::format("for example: git changeling credential set {} {} < FILE", order.agent, variable));
  }
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  return std::string(trim(text));
}

Answer set(Context& context, const CredentialOrder& order) {
  const AgentType agent = agent_named(context, order.agent);
  const std::string variable = chosen_variable(agent, order.variable);
  project::Credentials(context.environment()).keep(agent.name, variable, read_value(order, variable));
  Answer answer{{{"agent", agent.name}, {"variable", variable}},
                fmt::format("{} is kept for {}\n", variable, agent.name),
                0};
  answer.next = fmt::format("to see whether it works: git changeling credential check {}", agent.name);
  return answer;
}

Answer remove(Context& context, const CredentialOrder& order) {
  // Also of an agent type that is gone by now.
  std::vector<std::string> removed;
  const project::Credentials credentials(context.environment());
  for (const project::KeptCredential& kept : credentials.list()) {
    if (kept.agent != order.agent || (!order.variable.empty() && kept.variable != order.variable)) continue;
    if (credentials.remove(kept.agent, kept.variable)) removed.push_back(kept.variable);
  }
  if (removed.empty())
    return {{{"agent", order.agent}, {"removed", removed}},
            fmt::format("nothing is kept for {}\n", shortened(order.agent)),
            1};
  return {
      {{"agent", order.agent}, {"removed", removed}}, fmt::format("removed: {}\n", join(removed, ", ")), 0};
}

/// What the agent type finds here, without any value.
struct Found {
  std::string variable;
  std::string where;  ///< "environment" or "kept".
  std::optional<Timestamp> since;
};

std::vector<Found> found_for(Context& context, const AgentType& agent,
                             const std::vector<project::KeptCredential>& kept) {
  std::vector<Found> found;
  for (const std::string& variable : project::credential_variables(agent)) {
    const auto one = std::find_if(kept.begin(), kept.end(), [&](const project::KeptCredential& each) {
      return each.agent == agent.name && each.variable == variable;
    });
    if (context.environment().get(variable)) {
      found.push_back({variable, "environment", std::nullopt});
    } else if (one != kept.end()) {
      found.push_back({variable, "kept", one->kept_at});
    }
  }
  return found;
}

Environment with_credentials(Context& context, const AgentType& agent) {
  Environment environment = context.environment();
  project::Credentials(environment).add_to(environment, agent);
  return environment;
}

Json to_json(const Found& found) {
  return {{"variable", found.variable}, {"where", found.where}, {"since", json_or_null(found.since)}};
}

Json to_json(const AgentType& agent, const std::vector<Found>& found,
             const std::optional<run::LoginState>& told) {
  Json json{{"agent", agent.name},
            {"takes", project::credential_variables(agent)},
            {"credentials", Json::array()},
            {"logged_in", told ? Json(told->works) : Json(nullptr)},
            {"how", told ? Json(told->detail) : Json(nullptr)}};
  for (const Found& one : found) json["credentials"].push_back(to_json(one));
  return json;
}

std::string found_text(const std::vector<Found>& found, Timestamp now) {
  std::vector<std::string> parts;
  for (const Found& one : found) {
    parts.push_back(one.since
                        ? fmt::format("{} (kept, set {})", one.variable, describe_relative(*one.since, now))
                        : fmt::format("{} (from the environment)", one.variable));
  }
  return parts.empty() ? "nothing" : join(parts, ", ");
}

/// Those built in that log in anywhere, and those of `.changelings.toml`.
std::vector<AgentType> agents_with_login(Context& context) {
  const auto set =
      project::DefinitionSet::load(context, project::FileReading::WorkTree, project::FileMistake::Said);
  std::map<std::string, AgentType> agents = builtin_agent_types();
  for (const auto& [name, agent] : set.file_agents()) agents[name] = set.agent(name);
  std::vector<AgentType> found;
  for (const auto& [name, agent] : agents) {
    if (!project::credential_variables(agent).empty()) found.push_back(agent);
  }
  return found;
}

Answer list(Context& context) {
  const auto kept = project::Credentials(context.environment()).list();
  const Timestamp now = context.clock().now();
  Answer answer{{{"agents", Json::array()}}, "", 0};
  std::vector<std::vector<TableCell>> rows{
      {{"AGENT", Style::Dim}, {"LOGIN", Style::Dim}, {"CREDENTIALS", Style::Dim}}};
  for (const AgentType& agent : agents_with_login(context)) {
    const auto found = found_for(context, agent, kept);
    const auto told = run::told_login(context.processes(), with_credentials(context, agent), agent);
    answer.json["agents"].push_back(to_json(agent, found, told));
    const TableCell login = !told         ? TableCell{"-", Style::Dim}
                            : told->works ? TableCell{told->detail, Style::Green}
                                          : TableCell{told->detail, Style::Red};
    rows.push_back({{agent.name, Style::Bold}, login, {found_text(found, now)}});
  }
  answer.text = format_table(rows, 0, context.terminal().color);
  return answer;
}

Answer check(Context& context, const CredentialOrder& order) {
  const AgentType agent = agent_named(context, order.agent);
  const run::LoginState state =
      run::prove_login(context.processes(), with_credentials(context, agent), agent);
  Answer answer{{{"agent", agent.name}, {"works", state.works}, {"detail", state.detail}},
                fmt::format("{}: {}\n", agent.name, without_controls(state.detail)),
                state.works ? 0 : 1};
  if (!state.works) answer.next = fmt::format("git changeling credential set {} VARIABLE < FILE", agent.name);
  return answer;
}

Action with_order(Syntax& syntax, bool takes_variable, Answer (*act)(Context&, const CredentialOrder&)) {
  auto order = std::make_shared<CredentialOrder>();
  syntax.value("agent", order->agent, "The agent type").value_name("AGENT").required();
  if (takes_variable)
    syntax.value("variable", order->variable, "Which of its variables, where it takes several")
        .value_name("VARIABLE");
  return [order, act](Context& context) { return act(context, *order); };
}

}  // namespace

CommandSpec credential_check_command() {
  return {
      "credential check", "Let an agent answer one short question, to prove its login",
      "The program is started in an empty folder, as a run would start it. That costs what an answer costs. "
      "Exit code 1 when no answer comes.",
      [](Syntax& syntax) -> Action { return with_order(syntax, false, check); }, Needs::Nothing};
}

CommandSpec credential_list_command() {
  return {"credential list", "Show what logs agents in here",
          "Values are shown nowhere. Claude Code is asked whether it is logged in, which reaches no network.",
          [](Syntax&) -> Action { return list; }, Needs::Nothing};
}

CommandSpec credential_remove_command() {
  return {"credential remove", "Forget what is kept for an agent",
          "Without VARIABLE all of it. Exit code 1 when nothing is kept.",
          [](Syntax& syntax) -> Action { return with_order(syntax, true, remove); }, Needs::Nothing};
}

CommandSpec credential_set_command() {
  return {"credential set", "Keep a credential for an agent, read from standard input",
          "It lies in a file that only you can read, is handed to agents of that type in their runs, and is "
          "given "
          "back by nothing. A variable of that name in the environment of a run counts more.",
          [](Syntax& syntax) -> Action { return with_order(syntax, true, set); }, Needs::Nothing};
}

}  // namespace changeling::cli
