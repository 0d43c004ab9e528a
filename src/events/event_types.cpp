#include "events/event_types.hpp"

#include <array>

namespace changeling::events {
namespace {

constexpr std::array<EventType, 16> types{{
    {"agent:spawned", "An agent was started for a run"},
    {"agent:status_changed", "An agent began to work, completed, or failed"},
    {"chat:message", "In a chat a message was sent, or answered, or its proposal decided"},
    {"run:answered", "A person answered a question of an agent"},
    {"run:finished", "A run has its outcome"},
    {"run:metrics", "An agent at work has taken more turns, tokens or money"},
    {"run:question", "An agent asks its user something"},
    {"run:started", "A run was recorded and begins"},
    {"trigger:skipped", "A schedule or event started nothing, and why"},
    {"work:added", "A task is new"},
    {"work:assigned", "A worker claimed a task"},
    {"work:completed", "A worker completed a task, which is now in review or done"},
    {"work:progress", "An agent reported progress on a task"},
    {"work:removed", "A task was removed"},
    {"work:status_changed", "A task went from one status to another"},
    {"work:updated", "A task was edited"},
}};

}  // namespace

std::span<const EventType> event_types() {
  return types;
}

}  // namespace changeling::events
