#include "store/task_archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "queue/task_json.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

constexpr const char* archive_folder = "archive";

/// "archive/2026-11.jsonl", by the task's last change in UTC.
std::string archive_path(const queue::Task& task) {
  return fmt::format("{}/{}.jsonl", archive_folder, format_timestamp(task.updated_at).substr(0, 7));
}

}  // namespace

std::vector<queue::Task> archivable_tasks(const Snapshot& snapshot, Timestamp before) {
  std::vector<queue::Task> candidates;
  std::set<std::string> waited_for;
  for (const std::string& path : snapshot.files_below(std::string(tasks_folder))) {
    const auto id = task_id_of(path);
    auto task = id ? read_sound_task(snapshot, *id) : std::nullopt;
    if (!task) continue;
    if (task->status == queue::TaskStatus::Done && task->updated_at < before) {
      candidates.push_back(std::move(*task));
    } else {
      waited_for.insert(task->blocked_by.begin(), task->blocked_by.end());
    }
  }
  std::erase_if(candidates, [&](const queue::Task& task) { return waited_for.contains(task.id); });
  return candidates;
}

void move_to_archive(const Snapshot& snapshot, Change& change, const std::vector<queue::Task>& tasks) {
  std::map<std::string, std::string> lines;
  for (const queue::Task& task : tasks) {
    lines[archive_path(task)] += queue::to_json(task).dump() + "\n";
    change.remove(task_path(task.id));
  }
  for (const auto& [path, added] : lines) change.write(path, snapshot.read(path).value_or("") + added);
}

std::vector<queue::Task> read_archive(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::vector<queue::Task> tasks;
  for (const std::string& path : snapshot.files_below(archive_folder)) {
    std::string text;
    read_or_note(path, damaged, [&] { text = read_record(snapshot, path).value_or(""); });
    std::size_t number = 0;
    for (const std::string& line : split_lines(text)) {
      ++number;
      if (trim(line).empty()) continue;
      const std::string place = fmt::format("line {}", number);
      read_or_note(path, damaged,
                   [&] { tasks.push_back(queue::task_from_json(parse_json(line, place), place)); });
    }
  }
  std::sort(tasks.begin(), tasks.end(), [](const queue::Task& one, const queue::Task& two) {
    return std::tie(two.updated_at, two.id) < std::tie(one.updated_at, one.id);
  });
  return tasks;
}

}  // namespace changeling::store
