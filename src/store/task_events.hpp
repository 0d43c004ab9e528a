#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "queue/task.hpp"

namespace changeling::store {

/// Gets a type of events::event_types() and the fields that go with it.
using OnEvent = std::function<void(std::string_view type, const nlohmann::json& fields)>;

/// What the change of a task looks like in the stream; `before` is null for a new task, `after` for a removed
/// one. A renewed lease is no event.
void each_task_event(const queue::Task* before, const queue::Task* after, const OnEvent& on_event);

}  // namespace changeling::store
