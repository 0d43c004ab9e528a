#include "store/task_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "queue/rules.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

using queue::TaskStatus;

void sort_set(std::vector<std::string>& words) {
  std::erase_if(words, [](const std::string& word) { return trim(word).empty(); });
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

std::string one_line(std::string_view text) {
  std::string line = valid_utf8(trim(text));
  std::replace_if(
      line.begin(), line.end(), [](char letter) { return static_cast<unsigned char>(letter) < ' '; }, ' ');
  return line;
}

/// The circle that one of the tasks closes by the link; one that the records have already is none of theirs.
std::optional<std::vector<std::string>> new_circle(const Snapshot& snapshot,
                                                   const std::vector<const queue::Task*>& tasks,
                                                   std::string queue::Task::*link) {
  std::unordered_map<std::string_view, const queue::Task*> given;
  std::vector<std::string> starts;
  for (const queue::Task* task : tasks) {
    given.emplace(task->id, task);
    if (!(task->*link).empty()) starts.push_back(task->id);
  }
  if (starts.empty()) return std::nullopt;
  const auto circle = queue::find_any_cycle(starts, [&](const std::string& id) {
    const auto found = given.find(id);
    const auto stored = found == given.end() ? read_sound_task(snapshot, id) : std::nullopt;
    const std::string to = found != given.end() ? found->second->*link : stored ? (*stored).*link : "";
    return to.empty() ? std::vector<std::string>{} : std::vector<std::string>{to};
  });
  const bool is_new = circle && std::any_of(circle->begin(), circle->end(),
                                            [&](const std::string& id) { return given.contains(id); });
  return is_new ? circle : std::nullopt;
}

}  // namespace

void normalize(queue::Task& task) {
  task.title = one_line(task.title);
  if (task.title.empty()) throw Error(ErrorKind::Invalid, "title: a task needs one");
  task.description = valid_utf8(task.description);
  sort_set(task.labels);
  sort_set(task.blocked_by);
  std::sort(task.gates.begin(), task.gates.end(),
            [](const queue::Gate& one, const queue::Gate& two) { return to_string(one) < to_string(two); });
  const auto same = [](const queue::Gate& one, const queue::Gate& two) { return one.same_as(two); };
  task.gates.erase(std::unique(task.gates.begin(), task.gates.end(), same), task.gates.end());
  if (!task.id.empty() && !queue::is_task_id(task.id)) {
    throw Error(ErrorKind::Invalid, fmt::format("id: '{}' cannot be a task's", task.id),
                "use 5 to 64 small letters, digits and hyphens, or leave it out");
  }
  if (task.status == TaskStatus::InFlight && !task.lease) {
    throw Error(ErrorKind::Invalid, "status: a task comes in flight only by a claim",
                "add it as ready, then: git changeling task claim");
  }
  if (task.status != TaskStatus::InFlight) task.lease.reset();
  if (task.lease) task.last_token = std::max(task.last_token, task.lease->token);
  if (task.status != TaskStatus::Blocked) task.blocked_reason.clear();
  if (task.status == TaskStatus::Blocked && trim(task.blocked_reason).empty())
    task.blocked_reason = "no reason given";
}

void check_blockers(const Snapshot& snapshot, const std::vector<const queue::Task*>& tasks) {
  std::vector<std::string> starts;
  for (const queue::Task* task : tasks) {
    if (!task->blocked_by.empty()) starts.push_back(task->id);
  }
  if (starts.empty()) return;
  std::unordered_map<std::string_view, const queue::Task*> given;
  for (const queue::Task* task : tasks) given.emplace(task->id, task);
  for (const queue::Task* task : tasks) {
    for (const std::string& blocker : task->blocked_by) {
      if (given.contains(blocker) || read_task(snapshot, blocker)) continue;
      throw Error(ErrorKind::NotFound,
                  fmt::format("task '{}' cannot wait for '{}': there is no such task", task->title, blocker),
                  "see: git changeling task list");
    }
  }
  const auto cycle = queue::find_any_cycle(starts, [&](const std::string& id) {
    if (const auto found = given.find(id); found != given.end()) return found->second->blocked_by;
    const auto task = read_sound_task(snapshot, id);
    return task ? task->blocked_by : std::vector<std::string>{};
  });
  if (cycle) {
    throw Error(ErrorKind::Refused,
                fmt::format("the tasks would wait for each other: {}", join(*cycle, " -> ")),
                "leave one of these links out");
  }
}

void check_links(const Snapshot& snapshot, const std::vector<const queue::Task*>& tasks) {
  std::unordered_map<std::string_view, const queue::Task*> given;
  for (const queue::Task* task : tasks) given.emplace(task->id, task);
  const auto require = [&](const queue::Task& task, const std::string& id, std::string_view what) {
    if (id.empty() || given.contains(id) || read_task(snapshot, id)) return;
    throw Error(ErrorKind::NotFound,
                fmt::format("task '{}' cannot {} '{}': there is no such task", task.title, what, id),
                "see: git changeling task list");
  };
  for (const queue::Task* task : tasks) {
    require(*task, task->parent, "be a part of");
    require(*task, task->discovered_from, "come from");
  }
  if (const auto circle = new_circle(snapshot, tasks, &queue::Task::parent)) {
    throw Error(ErrorKind::Refused,
                fmt::format("a task would be a part of itself: {}", join(*circle, " -> ")),
                "choose another parent, or none: --parent ''");
  }
  if (const auto circle = new_circle(snapshot, tasks, &queue::Task::discovered_from)) {
    throw Error(ErrorKind::Refused,
                fmt::format("a task would have come from itself: {}", join(*circle, " -> ")),
                "name the task whose work brought it to light, or none: --discovered-from ''");
  }
}

std::vector<std::string> open_blockers(const Snapshot& snapshot, const queue::Task& task) {
  std::vector<std::string> open;
  for (const std::string& id : task.blocked_by) {
    // One that cannot be read may not be done.
    const auto blocker = read_sound_task(snapshot, id);
    if (!blocker || blocker->status != TaskStatus::Done) open.push_back(id);
  }
  return open;
}

queue::Task require_task(const Snapshot& snapshot, const std::string& id) {
  auto task = read_task(snapshot, id);
  if (!task) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no task '{}'", id),
                "see: git changeling task list");
  }
  return std::move(*task);
}

std::string short_title(const queue::Task& task) {
  constexpr std::size_t longest = 60;
  if (task.title.size() <= longest) return task.title;
  return valid_utf8(task.title.substr(0, task.title.find_last_of(' ', longest))) + " …";
}

}  // namespace changeling::store
