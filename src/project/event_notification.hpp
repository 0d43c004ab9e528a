#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "notify/notification.hpp"

namespace changeling::project {

/// What a notification's words do not come from its event for.
struct NotificationPlace {
  std::string repository;  ///< What people call it.
  std::string serve_url;   ///< changeling.serveUrl; empty where nobody knows it.
};

/// What an event of docs/events.md tells its user, or nothing. A run that has ended is of the kind of its
/// outcome; a start that did not come is "missed" for a time of a schedule, "not-started" for everything
/// else. A question of an agent is a "question".
std::optional<notify::Notification> notification_of(std::string_view event, const nlohmann::json& fields,
                                                    const NotificationPlace& place);

/// A word of changeling.notifyOn. Throws Error(Invalid) with the nearest right one.
void check_notified_word(const std::string& word);

/// Whether the user wants to be told of this kind. `words` are changeling.notifyOn; none of them asks for
/// what needs a person.
bool is_wanted(const std::string& kind, const std::vector<std::string>& words);

}  // namespace changeling::project
