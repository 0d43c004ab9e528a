#include "cli/work_order.hpp"

#include <fmt/format.h>

#include "cli/text_block.hpp"
#include "cli/worker_display.hpp"
#include "project/queue_settings.hpp"
#include "support/error.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"
#include "view/task.hpp"
#include "view/work.hpp"
#include "work/crew.hpp"
#include "work/task_run.hpp"
#include "work/task_sources.hpp"

namespace changeling::cli {
namespace {

constexpr std::int64_t most_processes = 64;

bool has_terminal(const Context& context) {
  return context.terminal().input_is_terminal && context.terminal().error_is_terminal;
}

}  // namespace

void declare_work_options(Syntax& syntax, WorkCommand& command) {
  syntax
      .value("--role", command.order.role,
             "Only tasks of this role, or of none, which are then handled by it")
      .value_name("ROLE");
  syntax.repeatable("--label", command.order.labels, "Only tasks with this label").value_name("LABEL");
  syntax
      .value("--source", command.order.source,
             fmt::format("Where tasks come from ({})", words_in_help(work::source_kinds)))
      .value_name("SOURCE");
  syntax.value("--as", command.order.worker, "Name of the worker (default: $CHANGELING_WORKER, or user@host)")
      .value_name("WORKER");
  syntax
      .value("--lease", command.order.lease,
             "How long a claim lasts without renewal (default: changeling.lease, or 30m)")
      .value_name("DURATION");
  syntax
      .number("-j,--parallel", command.order.parallel, "Work on so many tasks at once (default: 1)", 1,
              most_processes)
      .value_name("P");
  syntax.flag("--dry-run", command.dry_run,
              "Show which task would be taken and the whole prompt, and claim nothing");
}

void check_work_order(Context& context, const WorkCommand& command) {
  if (!command.order.lease.empty()) project::parse_lease(command.order.lease);
  if (!command.dry_run) work::check_work_order(context, command.order, has_terminal(context));
}

work::WorkOutcome carry_out(Context& context, const work::WorkOrder& order) {
  if (order.parallel == 1) {
    LineDisplay display(context);
    return work::work_here(context, order, display);
  }
  QuitKey key(has_terminal(context) ? QuitKey::Use::Watch : QuitKey::Use::Ignore);
  return work::work_in_parallel(context, order, [&] { return key.pressed(); });
}

Answer describe_order(Context& context, const work::WorkOrder& order) {
  const project::QueueSettings settings = project::queue_settings(context);
  const auto source = work::make_source(context, order.source, {settings.lease, settings.most_attempts});
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(order.most_tasks, 1));
  const auto handling_of = work::choose_handling(context, order.role, work::Gate::Open);
  Answer answer{{{"dry_run", true}, {"tasks", Json::array()}}, "", 0};
  for (const queue::Task& task : source->peek({order.role, order.labels}, limit)) {
    const project::Handling handling = handling_of(task);
    const std::string prompt = work::preview_prompt(context.services(), handling, task);
    Json json = view::to_json(context, task);
    json["handled_by"] = handling.definition.name;
    json["agent"] = handling.agent.name;
    json["composed_prompt"] = prompt;
    answer.json["tasks"].push_back(std::move(json));
    answer.text += fmt::format("Would take {}  {}\nwith the agent {} as {}. Prompt:\n\n{}", task.id,
                               without_controls(task.title), without_controls(handling.agent.name),
                               without_controls(handling.definition.name), text_block(prompt));
  }
  if (answer.text.empty()) {
    context.message("nothing to claim");
    answer.exit_code = 1;
  }
  return answer;
}

Answer work_answer(Context& context, const work::WorkOutcome& outcome) {
  Answer answer{view::to_json(context, outcome), "", 0};
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
  for (const work::WorkedTask& task : outcome.tasks) {
    const auto or_dash = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
    rows.push_back({{task.task, Style::Yellow},
                    {or_dash(task.status)},
                    {or_dash(task.run)},
                    {task.outcome, task.success ? Style::Green : Style::Red},
                    {task.title}});
  }
  const Terminal& terminal = context.terminal();
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  answer.exit_code = outcome.all_succeeded ? 0 : 1;
  return answer;
}

}  // namespace changeling::cli
