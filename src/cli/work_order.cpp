#include "cli/work_order.hpp"
#include "cli/trust.hpp"

#include <fmt/format.h>

#include "cli/queue_settings.hpp"
#include "cli/roles.hpp"
#include "cli/run_lookup.hpp"
#include "cli/run_text.hpp"
#include "cli/syntax.hpp"
#include "cli/task_sources.hpp"
#include "cli/task_text.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"

namespace changeling::cli {
namespace {

constexpr std::int64_t most_processes = 64;

std::string_view to_string(work::WorkerEnd end) {
  switch (end) {
    case work::WorkerEnd::Stopped:
      return "stopped";
    case work::WorkerEnd::NothingReady:
      return "nothing-ready";
    case work::WorkerEnd::EnoughTasks:
      return "enough";
  }
  return "stopped";
}

work::WorkerEnd parse_end(const Json& told) {
  for (const auto end :
       {work::WorkerEnd::Stopped, work::WorkerEnd::NothingReady, work::WorkerEnd::EnoughTasks}) {
    if (json_string(told, "end") == to_string(end)) return end;
  }
  return work::WorkerEnd::Stopped;
}

}  // namespace

Json to_json(const WorkOutcome& outcome) {
  return {{"runs", outcome.runs}, {"tasks", outcome.tasks}, {"end", to_string(outcome.end)}};
}

void add(WorkOutcome& outcome, const Json& told) {
  for (const Json& run : told.at("runs")) outcome.runs.push_back(run);
  for (const Json& task : told.at("tasks")) {
    outcome.all_succeeded = outcome.all_succeeded && json_bool(task, "success").value_or(false);
    outcome.tasks.push_back(task);
  }
  outcome.end = parse_end(told);
}

void declare_work_options(Syntax& syntax, WorkOrder& order) {
  syntax.value("--role", order.role, "Only tasks of this role, or of none, which are then handled by it")
      .value_name("ROLE");
  syntax.repeatable("--label", order.labels, "Only tasks with this label").value_name("LABEL");
  syntax
      .value("--source", order.source,
             fmt::format("Where tasks come from ({})", words_in_help(work::source_kinds)))
      .value_name("SOURCE");
  syntax.value("--as", order.worker, "Name of the worker (default: $CHANGELING_WORKER, or user@host)")
      .value_name("WORKER");
  syntax
      .value("--lease", order.lease,
             "How long a claim lasts without renewal (default: changeling.lease, or 30m)")
      .value_name("DURATION");
  syntax
      .number("-j,--parallel", order.parallel, "Work on so many tasks at once (default: 1)", 1,
              most_processes)
      .value_name("P");
  syntax.flag("--dry-run", order.dry_run,
              "Show which task would be taken and the whole prompt, and claim nothing");
}

namespace {

/// A damaged role is refused, as one that is not trusted: it is no reason to use up the attempts of a task.
const RoleDefinition& readable_role(const RoleSet& roles, const std::string& name) {
  try {
    return roles.find(name).role;
  } catch (const Error& error) {
    if (!roles.is_damaged(name)) throw;
    throw Error(ErrorKind::Refused, error.what(), error.hint());
  }
}

/// A mistake in the file of the definitions is no reason to use up attempts either.
RoleSet readable_roles(Context& context) {
  try {
    return RoleSet::load(context);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Invalid) throw;
    throw Error(ErrorKind::Refused, error.what(), error.hint());
  }
}

work::Handling handling_by_role(Context& context, const std::string& name, Gate gate) {
  const RoleSet roles = readable_roles(context);
  const Layer defaults =
      work::task_defaults([&](const std::string& key) { return context.repository().config_all(key); });
  const RoleDefinition* role = name.empty() ? nullptr : &readable_role(roles, name);
  work::Handling handling = work::handling_of_role(role, defaults, roles.definitions().file_agents());
  if (gate == Gate::Closed) check_trusted(context, roles, name, handling.agent);
  return handling;
}

}  // namespace

void check_work_order(Context& context, const WorkOrder& order) {
  if (!order.lease.empty()) parse_lease(order.lease);
  if (order.dry_run) return;
  static_cast<void>(readable_roles(context));
  if (order.role.empty()) return;
  // Before anything is claimed: what is not trusted must not even take a task.
  handling_by_role(context, order.role, Gate::Closed);
  const RoleDefinition role = RoleSet::load(context).find(order.role).role;
  if (!role.interactive) return;
  if (order.parallel > 1) {
    throw Error(ErrorKind::Usage,
                fmt::format("the role {} is interactive: its agents need the terminal one by one", role.name),
                "leave out --parallel");
  }
  if (!context.terminal().input_is_terminal || !context.terminal().error_is_terminal) {
    throw Error(ErrorKind::Refused,
                fmt::format("the role {} is interactive and there is no terminal", role.name),
                fmt::format("start it at a terminal, or change the role: git changeling role add {} --update "
                            "--no-interactive",
                            role.name));
  }
}

work::ChooseHandling choose_handling(Context& context, const std::string& worker_role, Gate gate) {
  return [&context, worker_role, gate](const queue::Task& task) {
    return handling_by_role(context, task.role.empty() ? worker_role : task.role, gate);
  };
}

Answer describe_order(Context& context, const WorkOrder& order) {
  const QueueSettings settings = queue_settings(context);
  const auto source = make_source(context, order.source, {settings.lease, settings.most_attempts});
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(order.most_tasks, 1));
  const auto handling_of = choose_handling(context, order.role, Gate::Open);
  Answer answer{{{"dry_run", true}, {"tasks", Json::array()}}, "", 0};
  for (const queue::Task& task : source->peek({order.role, order.labels}, limit)) {
    const work::Handling handling = handling_of(task);
    const std::string prompt = work::preview_prompt(context.services(), handling, task);
    Json json = task_to_json(context, task);
    json["handled_by"] = handling.definition.name;
    json["agent"] = handling.agent.name;
    json["composed_prompt"] = prompt;
    answer.json["tasks"].push_back(std::move(json));
    answer.text += fmt::format("Would take {}  {}\nwith the agent {} as {}. Prompt:\n\n{}\n", task.id,
                               task.title, handling.agent.name, handling.definition.name, prompt);
  }
  if (answer.text.empty()) {
    context.message("nothing to claim");
    answer.exit_code = 1;
  }
  return answer;
}

Answer work_answer(Context& context, const WorkOutcome& outcome) {
  Answer answer{to_json(outcome), "", 0};
  if (outcome.tasks.empty()) {
    answer.exit_code = outcome.end == work::WorkerEnd::Stopped && outcome.all_succeeded ? 0 : 1;
    if (answer.exit_code == 1) context.message("nothing to claim");
    return answer;
  }
  std::vector<std::vector<TableCell>> rows{{{"TASK", Style::Dim},
                                            {"STATUS", Style::Dim},
                                            {"RUN", Style::Dim},
                                            {"OUTCOME", Style::Dim},
                                            {"TITLE", Style::Dim}}};
  for (const Json& task : outcome.tasks) {
    const auto text = [&](std::string_view key) { return json_string(task, key).value_or("-"); };
    const bool success = json_bool(task, "success").value_or(false);
    rows.push_back({{text("task"), Style::Yellow},
                    {text("status")},
                    {text("run")},
                    {text("outcome"), success ? Style::Green : Style::Red},
                    {text("title")}});
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  answer.exit_code = outcome.all_succeeded ? 0 : 1;
  return answer;
}

}  // namespace changeling::cli
