#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/task_filter.hpp"
#include "cli/task_text.hpp"
#include "queue/task_json.hpp"
#include "store/task_archive.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "view/damage.hpp"
#include "view/task.hpp"

namespace changeling::cli {
namespace {

struct ListOptions {
  TaskFilter filter;
  std::string priority;
  std::string assignee;
  std::string text;
  bool only_unblocked = false;
  bool archived = false;
  std::size_t limit = 50;
  std::size_t offset = 0;
};

store::TaskQuery query_of(const ListOptions& options, Timestamp now) {
  store::TaskQuery query = options.filter.query();
  if (!options.priority.empty()) {
    try {
      query.priority = queue::parse_priority(options.priority);
    } catch (const Error& error) {
      throw Error(ErrorKind::Usage, fmt::format("--priority: {}", error.what()), error.hint());
    }
  }
  query.assignee = options.assignee;
  query.text = options.text;
  if (options.only_unblocked) query.unblocked_at = now;
  query.limit = options.limit;
  query.offset = options.offset;
  return query;
}

/// One page of the tasks that `compact` has moved to the archive, newest first.
std::vector<queue::Task> archived_page(Context& context, const ListOptions& options, std::size_t& total) {
  store::DamagedRecords damaged;
  std::vector<queue::Task> tasks = store::read_archive(context.snapshot(), &damaged);
  context.damage().note(damaged);
  total = tasks.size();
  tasks.erase(tasks.begin(), tasks.begin() + static_cast<std::ptrdiff_t>(std::min(options.offset, total)));
  if (options.limit != 0 && tasks.size() > options.limit)
    tasks.erase(tasks.begin() + static_cast<std::ptrdiff_t>(options.limit), tasks.end());
  return tasks;
}

Answer list(Context& context, const ListOptions& options) {
  context.require_state();
  const store::TaskQuery query = query_of(options, context.clock().now());
  store::TaskIndex& index = context.tasks().current_index();
  std::size_t total = 0;
  std::vector<queue::Task> tasks;
  if (options.archived) {
    tasks = archived_page(context, options, total);
  } else {
    total = index.count(query);
    for (const std::string& record : index.records(query))
      tasks.push_back(queue::task_from_json(parse_json(record, "the index"), "the index"));
  }
  context.damage().note(index.unreadable());
  Answer answer;
  answer.json = {{"tasks", Json::array()}, {"total", total}, {"damaged", view::to_json(context.damage())}};
  if (context.options().json) {
    for (const queue::Task& task : tasks) answer.json["tasks"].push_back(view::to_json(index, task));
  }
  if (tasks.empty()) {
    context.message(total == 0 ? "no tasks" : fmt::format("no more tasks; there are {}", total));
    return answer;
  }
  answer.text = tasks_table(tasks, context.terminal(), context.clock().now());
  if (options.offset + tasks.size() < total) {
    context.message(fmt::format("{} of {} tasks; see the next with --offset {}", tasks.size(), total,
                                options.offset + tasks.size()));
  }
  return answer;
}

Answer show(Context& context, const std::string& id) {
  context.require_state();
  const queue::Task task = context.tasks().find(id);
  const Json json = view::to_json(context, task);
  return {json, task_details(task, json, context.terminal(), context.clock().now()), 0};
}

}  // namespace

CommandSpec task_list_command() {
  return {
      "task list", "List tasks in the order in which they are claimed",
      "Higher priority first, then older. All conditions must hold; --status and --label may be repeated: "
      "a task has one of the statuses and all of the labels.\n\n"
      "--search looks for words in titles and descriptions; a word that ends in * stands for all that "
      "begin so.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ListOptions>();
        options->filter.declare(syntax);
        syntax.flag(
            "--archived", options->archived,
            "The done tasks that compact has put into the archive, newest first; no other conditions");
        syntax.value("--priority", options->priority, "Only of this priority (low|medium|high|urgent)")
            .value_name("PRIORITY");
        syntax.value("--assignee", options->assignee, "Only those of this worker, agent or run")
            .value_name("NAME");
        syntax.value("--search", options->text, "Only those with these words").value_name("TEXT");
        syntax.flag("--unblocked", options->only_unblocked,
                    "Only those that wait for no other task and no gate");
        syntax.amount("-n,--limit", options->limit, "At most so many, 0 for all (default: 50)")
            .value_name("N");
        syntax.amount("--offset", options->offset, "Skip so many").value_name("N");
        return [options](Context& context) { return list(context, *options); };
      }};
}

CommandSpec task_show_command() {
  return {"task show", "Show one task with its history of attempts", "", [](Syntax& syntax) -> Action {
            auto id = std::make_shared<std::string>();
            syntax.value("task", *id, "Id of the task, or its beginning").value_name("ID").required();
            return [id](Context& context) { return show(context, *id); };
          }};
}

}  // namespace changeling::cli
