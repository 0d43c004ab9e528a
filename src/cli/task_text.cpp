#include "cli/task_text.hpp"

#include <fmt/format.h>

#include "cli/text_block.hpp"
#include "queue/rules.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

std::string labelled(std::string_view label, std::string_view text, const Terminal& terminal) {
  return fmt::format("  {} {}\n", styled(fmt::format("{:<10}", label), Style::Dim, terminal.color), text);
}

Style priority_style(queue::Priority priority) {
  if (priority == queue::Priority::Urgent) return Style::Red;
  if (priority == queue::Priority::High) return Style::Yellow;
  return priority == queue::Priority::Low ? Style::Dim : Style::Plain;
}

/// The first gate that keeps the task from being claimed; what is done waits for nothing.
const queue::Gate* waits_for_gate(const queue::Task& task, Timestamp now) {
  return task.status == queue::TaskStatus::Done ? nullptr : queue::closed_gate(task, now);
}

std::string attempt_text(const queue::Attempt& attempt, Timestamp now) {
  std::string text =
      fmt::format("{} by {}, {}", attempt.outcome, attempt.owner, describe_relative(attempt.ended_at, now));
  if (!attempt.run.empty()) text += fmt::format(" (run {})", attempt.run);
  return attempt.error.empty() ? text : text + ": " + attempt.error;
}

}  // namespace

Style status_style(queue::TaskStatus status) {
  switch (status) {
    case queue::TaskStatus::Inbox:
    case queue::TaskStatus::Planning:
      return Style::Plain;
    case queue::TaskStatus::Ready:
      return Style::Blue;
    case queue::TaskStatus::InFlight:
      return Style::Cyan;
    case queue::TaskStatus::Review:
      return Style::Magenta;
    case queue::TaskStatus::Done:
      return Style::Green;
    case queue::TaskStatus::Blocked:
      return Style::Red;
  }
  return Style::Plain;
}

std::string tasks_table(const std::vector<queue::Task>& tasks, const Terminal& terminal, Timestamp now) {
  std::vector<std::vector<TableCell>> rows{{{"TASK", Style::Dim},
                                            {"STATUS", Style::Dim},
                                            {"PRIORITY", Style::Dim},
                                            {"ROLE", Style::Dim},
                                            {"UPDATED", Style::Dim},
                                            {"TITLE", Style::Dim}}};
  for (const queue::Task& task : tasks) {
    std::string title = task.title;
    for (const std::string& label : task.labels) title += " [" + label + "]";
    if (const queue::Gate* gate = waits_for_gate(task, now)) title += " (gate " + to_string(*gate) + ")";
    rows.push_back({{task.id, Style::Yellow},
                    {std::string(shown_status(task)), status_style(task.status)},
                    {std::string(to_string(task.priority)), priority_style(task.priority)},
                    {task.role.empty() ? "-" : task.role},
                    {describe_relative(task.updated_at, now)},
                    {title}});
  }
  return format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                      terminal.color);
}

std::string task_details(const queue::Task& task, const Json& json, const Terminal& terminal, Timestamp now) {
  const Style style = status_style(task.status);
  std::string text = fmt::format("{} {}  task {}  {}\n", styled("●", style, terminal.color),
                                 styled(shown_status(task), style, terminal.color),
                                 styled(task.id, Style::Yellow, terminal.color),
                                 styled(without_controls(task.title), Style::Bold, terminal.color));
  const auto add = [&](std::string_view label, std::string_view value) {
    if (!value.empty()) text += labelled(label, without_controls(value), terminal);
  };
  add("reason", task.blocked_reason);
  add("priority", to_string(task.priority));
  if (task.complexity) add("complexity", to_string(*task.complexity));
  add("labels", join(task.labels, ", "));
  add("role", task.role);
  add("blocked by", join(task.blocked_by, ", "));
  for (const queue::Gate& gate : task.gates) {
    if (!gate.opened_by.empty()) {
      add("gate", fmt::format("{}, opened {} by {}", to_string(gate), describe_relative(gate.opened_at, now),
                              gate.opened_by));
    } else if (gate.is_closed(now) && waits_for_gate(task, now) != nullptr) {
      add("waits for", describe(gate, task.id));
    }
  }
  add("part of", task.parent);
  if (json.contains("children")) add("parts", join(json["children"].get<std::vector<std::string>>(), ", "));
  add("found by", task.discovered_from);
  if (json.contains("blocks")) add("blocks", join(json["blocks"].get<std::vector<std::string>>(), ", "));
  if (task.lease) {
    const bool provisional = json["lease"].value("provisional", false);
    add("claimed", fmt::format("by {} with token {}{}, {} {}", task.lease->owner, task.lease->token,
                               provisional ? " (provisional: not shared yet)" : "",
                               task.lease->expires_at > now ? "expires" : "expired",
                               describe_relative(task.lease->expires_at, now)));
  } else {
    add("worked on", task.assignee_agent);
  }
  add("run", task.assignee_run);
  for (const queue::Criterion& criterion : task.acceptance) add("accept", to_string(criterion));
  for (const queue::Artifact& artifact : task.artifacts) {
    add("artifact", fmt::format("{} {}  {}", to_string(artifact.kind), artifact.path, artifact.description));
  }
  for (const queue::Attempt& attempt : task.attempts) add("attempt", attempt_text(attempt, now));
  add("source", task.source);
  add("created", fmt::format("{} by {}", describe_relative(task.created_at, now), task.created_by));
  if (task.updated_at != task.created_at)
    add("updated", fmt::format("{} by {}", describe_relative(task.updated_at, now), task.updated_by));
  if (!task.description.empty()) text += "\n" + text_block(task.description);
  return text;
}

std::string task_line(const queue::Task& task, const Terminal& terminal) {
  return fmt::format("{}  {}  {}\n", styled(task.id, Style::Yellow, terminal.color),
                     styled(shown_status(task), status_style(task.status), terminal.color),
                     without_controls(task.title));
}

}  // namespace changeling::cli
