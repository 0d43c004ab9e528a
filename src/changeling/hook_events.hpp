#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace changeling {

/// The hooks of githooks(5) that may start a changeling, sorted: those that git runs when something has
/// happened, and pre-push, the only moment at which a push can be noticed where it starts.
const std::vector<std::string>& hook_events();

struct HookEvent {
  std::string_view word;
  std::string_view sentence;  ///< When git runs it, without a full stop.
};
/// The same with what they mean; the list that the names come from.
std::span<const HookEvent> hook_event_rows();

bool is_hook_event(std::string_view event);

/// Why a word is no hook event, as the hint of an error: another event for a hook that decides whether git
/// goes on, the nearest name for a typo, or what is allowed.
std::string hook_event_hint(std::string_view word);

}  // namespace changeling
