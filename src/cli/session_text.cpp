#include "cli/session_text.hpp"

#include <fmt/format.h>

namespace changeling::cli {
namespace {

Style style_of(work::SessionStatus status) {
  switch (status) {
    case work::SessionStatus::Working:
      return Style::Cyan;
    case work::SessionStatus::Blocked:
      return Style::Yellow;
    case work::SessionStatus::Failed:
      return Style::Red;
    default:
      return Style::Plain;
  }
}

std::string doing(const work::SessionRecord& session) {
  if (!session.task.empty()) return fmt::format("{}  {}", session.task, session.task_title);
  return session.note;
}

}  // namespace

std::string sessions_text(const std::vector<work::SessionRecord>& sessions, const Terminal& terminal,
                          Timestamp now) {
  std::vector<std::vector<TableCell>> rows;
  for (const work::SessionRecord& session : sessions) {
    if (session.status == work::SessionStatus::Completed) continue;
    rows.push_back({{"  " + session.worker},
                    {std::string(to_string(session.status)), style_of(session.status)},
                    {session.role.empty() ? "-" : session.role},
                    {describe_relative(session.last_activity_at, now)},
                    {doing(session)}});
  }
  return rows.empty()
             ? ""
             : format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                            terminal.color);
}

}  // namespace changeling::cli
