#include <fmt/format.h>

#include <algorithm>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/task_text.hpp"
#include "queue/task_json.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "view/task.hpp"

namespace changeling::cli {
namespace {

using queue::TaskStatus;

constexpr Duration usual_age = std::chrono::hours(14 * 24);

Duration age_of(const std::string& text) {
  if (text.empty()) return usual_age;
  try {
    return parse_duration(text);
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("--since: {}", error.what()), error.hint());
  }
}

std::string why_stale(const queue::Task& task, Timestamp now) {
  const std::string since = describe_relative(task.updated_at, now);
  switch (task.status) {
    case TaskStatus::InFlight:
      if (task.lease && task.lease->expires_at <= now)
        return fmt::format("claimed by {}, whose claim has ended", task.lease->owner);
      return fmt::format("in flight, claimed {}", since);
    case TaskStatus::Blocked:
      return fmt::format("blocked {}: {}", since, task.blocked_reason);
    case TaskStatus::Review:
      return fmt::format("waits for review, untouched {}", since);
    default:
      return fmt::format("untouched {}", since);
  }
}

Answer stale(Context& context, const std::string& since) {
  context.require_state();
  const Timestamp now = context.clock().now();
  const Timestamp before = now - age_of(since);
  store::TaskQuery query;
  query.limit = 0;
  query.statuses = {TaskStatus::Inbox,    TaskStatus::Planning, TaskStatus::Ready,
                    TaskStatus::InFlight, TaskStatus::Review,   TaskStatus::Blocked};
  store::TaskIndex& index = context.tasks().current_index();
  std::vector<queue::Task> tasks;
  for (const std::string& record : index.records(query)) {
    queue::Task task = queue::task_from_json(parse_json(record, "the index"), "the index");
    const bool abandoned = task.lease && task.lease->expires_at <= now;
    if (task.updated_at <= before || abandoned) tasks.push_back(std::move(task));
  }
  context.damage().note(index.unreadable());
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const auto& one, const auto& two) { return one.updated_at < two.updated_at; });
  Answer answer;
  answer.json = {{"tasks", Json::array()}, {"before", format_timestamp(before)}};
  const Terminal& terminal = context.terminal();
  std::vector<std::vector<TableCell>> rows{
      {{"TASK", Style::Dim}, {"STATUS", Style::Dim}, {"WHY", Style::Dim}, {"TITLE", Style::Dim}}};
  for (const queue::Task& task : tasks) {
    Json json = view::to_json(index, task);
    json["stale"] = why_stale(task, now);
    rows.push_back({{task.id, Style::Yellow},
                    {std::string(to_string(task.status)), status_style(task.status)},
                    {json["stale"].get<std::string>()},
                    {task.title}});
    answer.json["tasks"].push_back(std::move(json));
  }
  if (tasks.empty()) {
    context.message("nothing is stale");
    return answer;
  }
  answer.text = format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                             terminal.color);
  return answer;
}

}  // namespace

CommandSpec task_stale_command() {
  return {
      "task stale", "List tasks that nobody has touched for long",
      "Those that are not done and were last changed before --since (14d): in flight, blocked, in review, or "
      "waiting to be taken, the oldest first, each with the reason. A claim that has ended without a result "
      "is listed however young it is.",
      [](Syntax& syntax) -> Action {
        auto since = std::make_shared<std::string>();
        syntax.value("--since", *since, "For at least so long (default: 14d)").value_name("DURATION");
        return [since](Context& context) { return stale(context, *since); };
      }};
}

}  // namespace changeling::cli
