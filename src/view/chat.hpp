#pragma once

#include <nlohmann/json_fwd.hpp>

#include "chat/conversation.hpp"
#include "chat/limits.hpp"
#include "chat/session.hpp"
#include "project/project.hpp"

namespace changeling::view {

/// A session with all messages. A proposal that nobody has decided is compared with what there is now: its
/// difference and digest, or why it cannot be done any more.
nlohmann::json to_json(project::Project& project, const chat::Session& session);

/// One line of a list.
nlohmann::json chat_card(const chat::Session& session);

/// What chats of the day have cost, and may cost.
nlohmann::json to_json(const chat::DayCost& cost);

/// What was made by confirming.
nlohmann::json to_json(const chat::Proposal& proposal, const chat::Written& written);

}  // namespace changeling::view
