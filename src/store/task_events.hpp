#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string_view>

#include "queue/task.hpp"

namespace changeling::store {

/// Every type of event, sorted, with one line that says when it comes.
struct EventType {
  std::string_view name;
  std::string_view meaning;
};
std::span<const EventType> event_types();

/// Gets a type of event_types() and the fields that go with it.
using OnEvent = std::function<void(std::string_view type, const nlohmann::json& fields)>;

/// What the change of a task looks like in the stream; `before` is null for a new task, `after` for a removed
/// one. A renewed lease is no event.
void each_task_event(const queue::Task* before, const queue::Task* after, const OnEvent& on_event);

}  // namespace changeling::store
