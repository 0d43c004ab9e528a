
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/work_order.hpp"

namespace changeling::cli {
namespace {

Answer dispatch(Context& context, const WorkCommand& command) {
  context.require_state();
  check_work_order(context, command);
  if (command.dry_run) return describe_order(context, command.order);
  return work_answer(context, carry_out(context, command.order));
}

}  // namespace

CommandSpec dispatch_command() {
  return {
      "dispatch", "Work on tasks that are ready now",
      "Claims the next tasks and lets an agent work on each, in a worktree of its own: the role's agent, "
      "told "
      "the role's prompt and the task. The criteria of acceptance are checked there before anything is "
      "pushed. "
      "Then the task goes to review (a pull request or a criterion waits for a person) or is done; after a "
      "failed run it is ready again, and the next agent is told about the attempt.\n\n"
      "No task is taken twice. The first interrupt takes no further task and finishes the running ones, the "
      "second one stops their agents and gives the tasks back.\n\n"
      "Ends with 0 when every run succeeded, with 1 when one did not or nothing was there.",
      [](Syntax& syntax) -> Action {
        auto command = std::make_shared<WorkCommand>();
        command->order.when_idle = work::WorkerOptions::WhenIdle::End;
        command->order.most_tasks = 1;
        syntax
            .number("-n,--number", command->order.most_tasks, "So many tasks at most (default: 1; 0: all)", 0)
            .value_name("N");
        declare_work_options(syntax, *command);
        return [command](Context& context) { return dispatch(context, *command); };
      }};
}

}  // namespace changeling::cli
