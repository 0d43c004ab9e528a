#include <fmt/format.h>

#include "cli/confirmation.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "project/task_writing.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "view/task.hpp"

namespace changeling::cli {
namespace {

struct MoveOptions {
  std::string id;
  std::string status;
};

struct BlockOptions {
  std::string id;
  std::string reason;
  std::vector<std::string> by;
};

Answer task_answer(Context& context, const queue::Task& task) {
  return {view::to_json(context, task), task_line(task, context.terminal()), 0};
}

Answer move(Context& context, const MoveOptions& options) {
  context.require_state();
  queue::TaskStatus to{};
  try {
    to = queue::parse_status(options.status);
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, error.what(), error.hint());
  }
  const std::string id = context.tasks().find(options.id).id;
  return task_answer(context, context.tasks().move(id, to));
}

Answer block(Context& context, const BlockOptions& options) {
  context.require_state();
  return task_answer(context, project::block_task(context, options.id, options.reason, options.by));
}

Answer unblock(Context& context, const BlockOptions& options) {
  context.require_state();
  return task_answer(context, project::unblock_task(context, options.id, options.by));
}

struct RemoveOptions {
  std::vector<std::string> ids;
  bool force = false;
  bool yes = false;
};

Answer remove(Context& context, const RemoveOptions& options) {
  context.require_state();
  store::TaskQueue& tasks = context.tasks();
  std::vector<queue::Task> removed;
  for (const std::string& word : options.ids) {
    queue::Task task = tasks.find(word);
    const bool twice = std::any_of(removed.begin(), removed.end(),
                                   [&](const queue::Task& other) { return other.id == task.id; });
    if (!twice) removed.push_back(std::move(task));
  }
  std::vector<std::string> ids;
  for (const queue::Task& task : removed) ids.push_back(task.id);
  if (ids.size() > 1 && !agreed(context, options.yes, fmt::format("this removes {} tasks", ids.size()),
                                fmt::format("git changeling task remove {}{} --yes",
                                            options.force ? "--force " : "", join(ids, " "))))
    return {{{"removed", Json::array()}}, "", 1};
  tasks.remove(ids, options.force ? queue::RemovalPolicy::Any : queue::RemovalPolicy::Unclaimed);
  Answer answer{{{"removed", ids}}, "", 0};
  for (const queue::Task& task : removed)
    answer.text += fmt::format("Removed {}  {}\n", task.id, without_controls(task.title));
  return answer;
}

}  // namespace

CommandSpec task_move_command() {
  return {"task move", "Take a task to another status",
          "Only the moves of the table in docs/queue.md are possible; a refusal names them. Work in flight "
          "begins and ends through claim, release and complete, never by moving.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<MoveOptions>();
            syntax.value("task", options->id, "Id of the task, or its beginning").value_name("ID").required();
            syntax
                .value("status", options->status,
                       "Where to (inbox|planning|ready|in_flight|review|done|blocked)")
                .value_name("STATUS")
                .required();
            return [options](Context& context) { return move(context, *options); };
          }};
}

CommandSpec task_block_command() {
  return {"task block", "Keep a task from being worked on",
          "With --reason the task goes to the status blocked and a running claim of it ends; with --by it "
          "waits, in its status, until the named tasks are done. Both may be given.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<BlockOptions>();
            syntax.value("task", options->id, "Id of the task, or its beginning").value_name("ID").required();
            syntax.value("--reason", options->reason, "Why nobody should work on it").value_name("TEXT");
            syntax.repeatable("--by", options->by, "Id of a task that must be done first").value_name("ID");
            return [options](Context& context) { return block(context, *options); };
          }};
}

CommandSpec task_unblock_command() {
  return {
      "task unblock", "Let a task be worked on again",
      "Takes a blocked task to ready, forgives its failed attempts, and removes the tasks that it waits "
      "for. With --by only the named tasks are removed from those.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<BlockOptions>();
        syntax.value("task", options->id, "Id of the task, or its beginning").value_name("ID").required();
        syntax.repeatable("--by", options->by, "Id of a task that need not be done first").value_name("ID");
        return [options](Context& context) { return unblock(context, *options); };
      }};
}

CommandSpec task_remove_command() {
  return {
      "task remove", "Remove tasks from the queue",
      "Tasks that waited for them wait no longer; a task that is claimed is only removed with --force, and "
      "its worker loses the claim. The history keeps them: git changeling undo takes a removal back.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<RemoveOptions>();
        syntax.words("tasks", options->ids, "Ids of tasks, or their beginnings").value_name("ID").required();
        syntax.flag("-f,--force", options->force, "Also tasks that a worker has claimed");
        syntax.flag("-y,--yes", options->yes, "Do not ask, as for several at once");
        return [options](Context& context) { return remove(context, *options); };
      }};
}

}  // namespace changeling::cli
