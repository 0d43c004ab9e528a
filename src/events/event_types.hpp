#pragma once

#include <span>
#include <string_view>

namespace changeling::events {

/// Every type of event, sorted, with one line that says when it comes.
struct EventType {
  std::string_view name;
  std::string_view meaning;
};
std::span<const EventType> event_types();

}  // namespace changeling::events
