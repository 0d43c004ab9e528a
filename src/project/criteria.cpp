#include "project/criteria.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "queue/task_json.hpp"
#include "store/task_queue.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

bool demands(const RoleDefinition& role, const std::string& line) {
  return std::any_of(role.accept.begin(), role.accept.end(), [&](const std::string& text) {
    return queue::parse_criterion(text) == queue::Criterion{queue::Criterion::Kind::Command, line};
  });
}

/// A line of a role is part of what was approved with it.
bool comes_with_role(Project& project, const std::string& name, const std::string& line) {
  if (name.empty()) return false;
  const RoleSet roles = RoleSet::load(project, FileMistake::Said);
  const auto found = roles.all().find(name);
  if (found == roles.all().end() || !demands(found->second.role, line)) return false;
  const AgentType& agent = roles.agent(found->second.role);
  return standing_of(open_approvals(project), approval_subject(found->second.role, agent)).trusted();
}

std::vector<queue::Criterion> criteria_in(const std::string& record) {
  // Most tasks have none.
  if (record.find("\"run:") == std::string::npos) return {};
  return queue::task_from_json(parse_json(record, "a task"), "a task").acceptance;
}

}  // namespace

queue::IsApproved approved_criteria(Project& project, const std::string& role) {
  return [&project, role](const std::string& line) {
    try {
      return open_approvals(project).holds(criterion_subject(line)) || comes_with_role(project, role, line);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Interrupted) throw;
      project.message(with_hint(error));
      return false;
    }
  };
}

void approve_criteria(Project& project, const std::vector<queue::Criterion>& written,
                      const std::vector<queue::Criterion>& known) {
  if (project.environment().get("CHANGELING_RUN")) return;
  const auto before = queue::command_lines(known);
  for (const std::string& line : queue::command_lines(written)) {
    if (std::find(before.begin(), before.end(), line) != before.end()) continue;
    try {
      approve(project, criterion_subject(line));
    } catch (const Error& error) {
      project.message(fmt::format("'run:{}' is not approved: {}", shortened(line), with_hint(error)));
    }
  }
}

std::vector<ApprovalSubject> criterion_subjects(Project& project) {
  std::vector<ApprovalSubject> subjects;
  if (!project.store().exists()) return subjects;
  using enum queue::TaskStatus;
  store::TaskQuery open;
  open.statuses = {Inbox, Planning, Ready, InFlight, Review, Blocked};
  open.limit = 0;
  std::set<std::string> seen;
  for (const std::string& record : project.tasks().current_index().records(open)) {
    for (const std::string& line : queue::command_lines(criteria_in(record)))
      if (seen.insert(line).second) subjects.push_back(criterion_subject(line));
  }
  return subjects;
}

void say_unapproved(const std::vector<std::string>& lines, const std::function<void(std::string_view)>& say) {
  if (!say) return;
  for (const std::string& line : lines)
    say(fmt::format(
        "'run:{}' is not run, because nobody has approved it on this machine; a person judges it. "
        "To approve it: git changeling trust {}",
        shortened(line), criterion_subject(line).label()));
}

}  // namespace changeling::project
