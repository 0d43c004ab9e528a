#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/queue_settings.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "queue/rules.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

Answer task_answer(Context& context, const queue::Task& task) {
  return {task_to_json(context, task), task_line(task, context.terminal()), 0};
}

Answer done(Context& context, const std::string& id) {
  context.require_state();
  store::TaskQueue& tasks = context.tasks();
  const queue::Task task = tasks.find(id);
  queue::check_closable(task, queue_settings(context).worker, queue::Closing::Done);
  return task_answer(context, tasks.close(task.id));
}

Answer drop(Context& context, const std::string& id, const std::string& reason) {
  context.require_state();
  store::TaskQueue& tasks = context.tasks();
  const queue::Task task = tasks.find(id);
  queue::Attempt attempt;
  attempt.owner = queue_settings(context).worker;
  queue::check_closable(task, attempt.owner, queue::Closing::Dropped);
  attempt.error = valid_utf8(reason);
  attempt.ended_at = context.clock().now();
  return task_answer(context, tasks.close(task.id, attempt));
}

void declare_id(Syntax& syntax, std::string& id) {
  syntax.value("task", id, "Id of the task, or its beginning").value_name("ID").required();
}

}  // namespace

CommandSpec task_done_command() {
  return {"task done", "Close a task by hand",
          "Says that the task is settled, whatever its status and its criteria. Tasks that waited for it may "
          "begin. A task that you have claimed is finished with git changeling task complete, which checks "
          "the criteria.",
          [](Syntax& syntax) -> Action {
            auto id = std::make_shared<std::string>();
            declare_id(syntax, *id);
            return [id](Context& context) { return done(context, *id); };
          }};
}

CommandSpec task_drop_command() {
  return {
      "task drop", "Close a task that nobody is to do",
      "The task is done as far as the queue is concerned, is shown as dropped, and keeps the reason. Tasks "
      "that waited for it wait no longer; git changeling task move ID ready takes it up again.",
      [](Syntax& syntax) -> Action {
        auto id = std::make_shared<std::string>();
        auto reason = std::make_shared<std::string>();
        declare_id(syntax, *id);
        syntax.value("--reason", *reason, "Why").value_name("TEXT");
        return [id, reason](Context& context) { return drop(context, *id, *reason); };
      }};
}

}  // namespace changeling::cli
