#include "project/task_writing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/roles.hpp"
#include "project/sharing.hpp"
#include "queue/rules.hpp"
#include "queue/task_edit.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::project {
namespace {

std::vector<std::string> full_ids(Project& project, const std::vector<std::string>& words) {
  std::vector<std::string> ids;
  for (const std::string& word : words) ids.push_back(project.tasks().find(word).id);
  return ids;
}

}  // namespace

queue::TaskStatus first_status(queue::TaskStatus wanted) {
  if (wanted == queue::TaskStatus::InFlight) {
    throw Error(ErrorKind::Usage, "a task gets in_flight only by being claimed",
                "add it with status ready, then claim it: git changeling task claim ID");
  }
  if (wanted == queue::TaskStatus::Blocked) {
    throw Error(ErrorKind::Usage, "being blocked needs a reason",
                "add it, then block it: git changeling task block ID --reason TEXT");
  }
  return wanted;
}

void complete_links(Project& project, const queue::Task& before, queue::Task& task) {
  for (std::string& id : task.blocked_by) {
    const auto& known = before.blocked_by;
    if (std::find(known.begin(), known.end(), id) == known.end()) id = project.tasks().find(id).id;
  }
  task.blocked_by = queue::sorted_words(task.blocked_by);
  for (std::string queue::Task::*link : {&queue::Task::parent, &queue::Task::discovered_from}) {
    std::string& id = task.*link;
    if (!id.empty() && id != before.*link) id = project.tasks().find(id).id;
  }
}

std::vector<queue::Criterion> criteria_of_role(Project& project, const std::string& role) {
  if (role.empty()) return {};
  const RoleSet roles = RoleSet::load(project, FileMistake::Said);
  const auto found = roles.all().find(role);
  std::vector<queue::Criterion> criteria;
  if (found == roles.all().end()) return criteria;
  for (const std::string& text : found->second.role.accept) criteria.push_back(queue::parse_criterion(text));
  return criteria;
}

void follow_role(Project& project, const queue::Task& before, queue::Task& task, bool given) {
  if (task.role == before.role) return;
  warn_of_unknown_role(project, task.role);
  if (!given) queue::remove_criteria(task, criteria_of_role(project, before.role));
  queue::add_criteria(task, criteria_of_role(project, task.role));
}

queue::Task block_task(Project& project, const std::string& id, const std::string& reason,
                       const std::vector<std::string>& by) {
  if (reason.empty() && by.empty())
    throw Error(ErrorKind::Usage, "what blocks it?",
                "give a reason (--reason TEXT), or tasks to wait for (--by ID)");
  store::TaskQueue& tasks = project.tasks();
  queue::Task task = tasks.find(id);
  const auto blockers = full_ids(project, by);
  // The status first: if that is refused, nothing has been written.
  if (!reason.empty()) task = tasks.block(task.id, valid_utf8(reason));
  if (blockers.empty()) return task;
  return tasks.edit(task.id, "block", [&](queue::Task& changed) {
    changed.blocked_by.insert(changed.blocked_by.end(), blockers.begin(), blockers.end());
    changed.blocked_by = queue::sorted_words(changed.blocked_by);
  });
}

queue::Task unblock_task(Project& project, const std::string& id, const std::vector<std::string>& by) {
  store::TaskQueue& tasks = project.tasks();
  queue::Task task = tasks.find(id);
  const auto blockers = full_ids(project, by);
  const bool waits = !task.blocked_by.empty();
  // A task that merely waits for others has no status to leave.
  if (blockers.empty() && (task.status == queue::TaskStatus::Blocked || !waits))
    task = tasks.unblock(task.id);
  if (blockers.empty() && !waits) return task;
  return tasks.edit(task.id, "unblock", [&](queue::Task& changed) {
    if (blockers.empty()) changed.blocked_by.clear();
    for (const std::string& blocker : blockers) {
      if (std::erase(changed.blocked_by, blocker) > 0) continue;
      throw Error(ErrorKind::Refused, fmt::format("task {} is not blocked by {}", changed.id, blocker),
                  fmt::format("see: git changeling task show {}", changed.id));
    }
  });
}

queue::Task approve_task(Project& project, const std::string& id) {
  const Timestamp now = project.clock().now();
  const std::string who = project.store().actor().name;
  store::TaskQueue& tasks = project.tasks();
  queue::Task task = tasks.edit(tasks.find(id).id, "approve", [&](queue::Task& changed) {
    changed = queue::approved(std::move(changed), who, now);
  });
  share_quietly(project);
  return task;
}

std::string full_task_id(Project& project, const std::string& prefix) {
  try {
    return project.tasks().find(prefix).id;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound || !queue::is_task_id(prefix)) throw;
    return prefix;
  }
}

}  // namespace changeling::project
