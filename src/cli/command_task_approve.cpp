
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "project/task_writing.hpp"
#include "queue/rules.hpp"
#include "view/task.hpp"

namespace changeling::cli {
namespace {

Answer approve(Context& context, const std::string& prefix) {
  context.require_state();
  const queue::Task task = project::approve_task(context, prefix);
  Answer answer{view::to_json(context, task), task_line(task, context.terminal()), 0};
  if (const queue::Gate* gate = queue::closed_gate(task, context.clock().now()))
    answer.next = "it still waits for " + describe(*gate, task.id);
  return answer;
}

}  // namespace

CommandSpec task_approve_command() {
  return {"task approve", "Open the gate of a task that waits for a person",
          "A task with the gate person (task add --gate person) is claimed by nobody before this. Who has "
          "approved it is noted in the task and in the log; undo takes it back while nobody has claimed the "
          "task.",
          [](Syntax& syntax) -> Action {
            auto id = std::make_shared<std::string>();
            syntax.value("task", *id, "Id of the task, or its beginning").value_name("ID").required();
            return [id](Context& context) { return approve(context, *id); };
          }};
}

}  // namespace changeling::cli
