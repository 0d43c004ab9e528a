#include <fmt/format.h>

#include "cli/claim_token.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "project/sharing.hpp"
#include "queue/rules.hpp"
#include "support/text.hpp"
#include "view/task.hpp"

namespace changeling::cli {
namespace {

struct CloseOptions {
  std::string id;
  ClaimHolder holder;
  std::string reason;
};

Answer close(Context& context, const CloseOptions& options, const queue::Closer& closer,
             const std::optional<queue::Attempt>& dropped) {
  store::TaskQueue& tasks = context.tasks();
  const queue::Task task = tasks.close(tasks.find(options.id).id, closer, dropped);
  project::say_unpublished(context);
  return {view::to_json(context, task), task_line(task, context.terminal()), 0};
}

Answer done(Context& context, const CloseOptions& options) {
  context.require_state();
  return close(context, options, options.holder.closer(context), std::nullopt);
}

Answer drop(Context& context, const CloseOptions& options) {
  context.require_state();
  const queue::Closer closer = options.holder.closer(context);
  queue::Attempt attempt;
  attempt.owner = valid_utf8(closer.worker);
  attempt.error = valid_utf8(options.reason);
  attempt.ended_at = context.clock().now();
  return close(context, options, closer, attempt);
}

std::shared_ptr<CloseOptions> declare_options(Syntax& syntax) {
  auto options = std::make_shared<CloseOptions>();
  syntax.value("task", options->id, "Id of the task, or its beginning").value_name("ID").required();
  options->holder.declare(syntax);
  return options;
}

}  // namespace

CommandSpec task_done_command() {
  return {"task done", "Close a task by hand",
          "Says that the task is settled, whatever its status and its criteria. Tasks that waited for it may "
          "begin. One that you have claimed yourself is closed as well; git changeling task complete would "
          "check the criteria first. The claim of somebody else is theirs.",
          [](Syntax& syntax) -> Action {
            auto options = declare_options(syntax);
            return [options](Context& context) { return done(context, *options); };
          }};
}

CommandSpec task_drop_command() {
  return {
      "task drop", "Close a task that nobody is to do",
      "The task is done as far as the queue is concerned, is shown as dropped, and keeps the reason. Tasks "
      "that waited for it wait no longer; git changeling task move ID ready takes it up again. One that you "
      "have claimed yourself is dropped as well; the claim of somebody else is theirs.",
      [](Syntax& syntax) -> Action {
        auto options = declare_options(syntax);
        syntax.value("--reason", options->reason, "Why").value_name("TEXT");
        return [options](Context& context) { return drop(context, *options); };
      }};
}

}  // namespace changeling::cli
