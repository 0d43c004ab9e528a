#pragma once

#include <string>
#include <vector>

#include "chat/session.hpp"
#include "support/clock.hpp"
#include "support/json.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

/// A message with what came of it; `json` is its form in view/chat.hpp, which has the difference of a
/// proposal.
std::string message_text(const Json& message, const Terminal& terminal);
/// The same with what the user has said before it.
std::string conversation_text(const Json& session, const Terminal& terminal);
/// "chat k3…: 2 messages, $0.0312"
std::string session_line(const chat::Session& session);
/// A table of all sessions.
std::string sessions_table(const std::vector<chat::Session>& sessions, const Terminal& terminal,
                           Timestamp now);
/// What to type for the newest proposal, if it is open; otherwise how to go on.
std::string next_in_chat(const Json& session);

}  // namespace changeling::cli
