#include "store/task_records.hpp"

#include <fmt/format.h>

#include "queue/task_json.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view suffix = ".json";

}  // namespace

std::string task_path(std::string_view id) {
  return fmt::format("{}/{}/{}/{}{}", tasks_folder, id.substr(0, 2), id.substr(2, 2), id, suffix);
}

std::optional<std::string> task_id_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || !path.ends_with(suffix)) return std::nullopt;
  std::string id(path.substr(slash + 1, path.size() - slash - 1 - suffix.size()));
  if (!queue::is_task_id(id) || task_path(id) != path) return std::nullopt;
  return id;
}

std::string task_text(const queue::Task& task) {
  return queue::to_json(task).dump(1) + "\n";
}

queue::Task parse_task(std::string_view text, std::string_view id, std::string_view place) {
  queue::Task task = queue::task_from_json(parse_json(text, place), place);
  if (task.id != id) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: holds the id '{}', not '{}'", place, task.id, id));
  }
  return task;
}

std::optional<queue::Task> read_task(const Snapshot& snapshot, std::string_view id) {
  if (!queue::is_task_id(id)) return std::nullopt;
  const std::string path = task_path(id);
  std::optional<queue::Task> task;
  read_or_explain(snapshot, path, [&] {
    if (const auto text = read_record(snapshot, path)) task = parse_task(*text, id, path);
  });
  return task;
}

std::optional<queue::Task> read_sound_task(const Snapshot& snapshot, std::string_view id) {
  std::optional<queue::Task> task;
  read_or_note(std::string(id), nullptr, [&] { task = read_task(snapshot, id); });
  return task;
}

void write_task(Change& change, const queue::Task& task) {
  change.write(task_path(task.id), task_text(task));
}

}  // namespace changeling::store
