#include <fmt/format.h>
#include <unistd.h>

#include <iostream>
#include <iterator>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/definitions.hpp"
#include "run/agent_logins.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "view/credential.hpp"

namespace changeling::cli {
namespace {

constexpr std::chrono::minutes patience{2};

struct CredentialOrder {
  std::string agent;
  std::string variable;
};

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
  // What is refused is refused before anything is read.
  const AgentType agent = project::DefinitionSet::load(context).agent(order.agent);
  const std::string variable = run::chosen_credential(agent, order.variable);
  run::keep_credential(context, agent.name, variable, read_value(order, variable));
  Answer answer{{{"agent", agent.name}, {"variable", variable}},
                fmt::format("{} is kept for {}\n", variable, agent.name),
                0};
  answer.next = fmt::format("to see whether it works: git changeling credential check {}", agent.name);
  return answer;
}

Answer remove(Context& context, const CredentialOrder& order) {
  const std::vector<std::string> removed = run::remove_credentials(context, order.agent, order.variable);
  if (removed.empty())
    return {{{"agent", order.agent}, {"removed", removed}},
            fmt::format("nothing is kept for {}\n", shortened(order.agent)),
            1};
  return {
      {{"agent", order.agent}, {"removed", removed}}, fmt::format("removed: {}\n", join(removed, ", ")), 0};
}

std::string found_text(const std::vector<run::FoundCredential>& found, Timestamp now) {
  std::vector<std::string> parts;
  for (const run::FoundCredential& one : found) {
    parts.push_back(one.kept_at
                        ? fmt::format("{} (kept, set {})", one.variable, describe_relative(*one.kept_at, now))
                        : fmt::format("{} (from the environment)", one.variable));
  }
  return parts.empty() ? "nothing" : join(parts, ", ");
}

/// "claude.ai, until 2026-12-01T08:00:00Z"
TableCell login_cell(const run::AgentLogin& login) {
  if (!login.trusted) return {"not trusted here", Style::Yellow};
  if (!login.told) return {"-", Style::Dim};
  std::string text = login.told->detail;
  if (login.until && !login.renews_itself) text += ", until " + format_timestamp(*login.until);
  if (login.missing) return {text + ", and was refused", Style::Red};
  return {text, login.told->works ? Style::Green : Style::Red};
}

Answer list(Context& context) {
  const Timestamp now = context.clock().now();
  Answer answer{{{"agents", Json::array()}}, "", 0};
  std::vector<std::vector<TableCell>> rows{
      {{"AGENT", Style::Dim}, {"LOGIN", Style::Dim}, {"CREDENTIALS", Style::Dim}}};
  for (const run::AgentLogin& login : run::agent_logins(context)) {
    answer.json["agents"].push_back(view::to_json(login));
    rows.push_back({{login.agent.name, Style::Bold}, login_cell(login), {found_text(login.found, now)}});
  }
  answer.text = format_table(rows, 0, context.terminal().color);
  return answer;
}

Answer check(Context& context, const CredentialOrder& order) {
  const run::LoginState state = run::check_login(context, order.agent, patience);
  Answer answer{view::to_json(order.agent, state),
                fmt::format("{}: {}\n", order.agent, without_controls(state.detail)), state.works ? 0 : 1};
  if (!state.works)
    answer.next = fmt::format("git changeling credential set {} VARIABLE < FILE", order.agent);
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
