#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "notify/channels.hpp"
#include "notify/notice_book.hpp"

namespace changeling::project {

class Project;

/// The command that delivers in the background, see declarations.hpp.
inline const std::string deliver_word = "__deliver-notices";

/// Where the user of this machine wants to be told of this repository. Throws Error(Invalid) for a setting
/// that says nothing.
notify::ChannelSettings channel_settings(Project& project);

/// What waits, and what was told, of this repository; empty without any, and where the file is damaged.
notify::NoticeBook read_notices(Project& project);

/// Sends one notification through one channel, now. Throws as notify::Channel::deliver.
void deliver(Project& project, const notify::Notification& notification, const notify::Channel& channel);

/// Sends all that is due, one process at a time; what fails stays for later, see notify::note_failed.
void deliver_notices(Project& project);

/// Starts that in the background if anything is due; the work that caused it does not wait.
void send_due_notices(Project& project);

/// Tries what has not arrived once more, in the background, and forgets what was given up. Returns how many
/// deliveries that are.
std::size_t retry_notices(Project& project);

/// What an event tells the user is noted, and goes out in the background. What did not arrive before is a
/// message. Throws Error for a setting that says nothing, and for what cannot be noted.
void notice_event(Project& project, std::string_view event, const nlohmann::json& fields);

}  // namespace changeling::project
