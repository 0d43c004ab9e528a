#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "queue/task.hpp"

namespace changeling::queue {

/// Every field, also the empty ones; `assignee` is {agent, run} or null, `lease` only while claimed, `blocks`
/// is left to whoever knows the other tasks.
nlohmann::json to_json(const Task& task);
/// Strict on types, tolerant of unknown keys. Throws Error(Invalid) naming `source` and the key.
Task task_from_json(const nlohmann::json& object, std::string_view source);

}  // namespace changeling::queue
