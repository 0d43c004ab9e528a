#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "queue/task.hpp"
#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// The folder of the state's tree that holds the tasks.
inline constexpr std::string_view tasks_folder = "items";

/// items/ab/cd/ID.json; `id` must be one (queue::is_task_id).
std::string task_path(std::string_view id);
/// The id of the task whose record lies at this path, or nothing when it cannot be a task's.
std::optional<std::string> task_id_of(std::string_view path);

/// The bytes of a task's record.
std::string task_text(const queue::Task& task);
/// Throws Error(Invalid) naming `place` when the text is no record of the task `id`.
queue::Task parse_task(std::string_view text, std::string_view id, std::string_view place);

/// Nothing when there is no such task. Throws Error(Invalid) when its record is damaged.
std::optional<queue::Task> read_task(const Snapshot& snapshot, std::string_view id);
/// As read_task, but nothing for a damaged record, too: for what goes on without it.
std::optional<queue::Task> read_sound_task(const Snapshot& snapshot, std::string_view id);
void write_task(Change& change, const queue::Task& task);

}  // namespace changeling::store
