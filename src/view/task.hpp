#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/project.hpp"
#include "queue/task.hpp"
#include "store/task_index.hpp"

namespace changeling::view {

/// The record with what follows from others: the tasks that this one blocks, its children, whether it was
/// dropped.
nlohmann::json to_json(store::TaskIndex& index, const queue::Task& task);
/// As above, from the newest state; a claim with whether another one may still win over it.
nlohmann::json to_json(project::Project& project, const queue::Task& task);

/// What a board shows of it: light, and without a further question to the index.
nlohmann::json task_card(const queue::Task& task, Timestamp now);
/// As above; in blocked_by stand only those that are not done, and a claim has whether another one may still
/// win.
nlohmann::json task_card(project::Project& project, const queue::Task& task, Timestamp now);

}  // namespace changeling::view
