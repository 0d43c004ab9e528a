#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "chat/proposal_writing.hpp"
#include "chat/session.hpp"
#include "project/project.hpp"
#include "run/launcher.hpp"
#include "support/detach.hpp"

namespace changeling::chat {

/// A message on its way.
struct MessageOrder {
  std::string session;    ///< Its id.
  bool is_first = false;  ///< The session is begun with it.
  std::string text;
  std::string sender = {};  ///< See Message::sender.
};
nlohmann::json to_json(const MessageOrder& order);
/// Throws Error(Invalid) when it is none.
MessageOrder message_order_from_json(const nlohmann::json& object);

/// Who looks on while the agent answers; everything may be empty.
struct Onlooker {
  std::function<void()> on_begin;  ///< The message is kept, and the agent starts.
  std::function<void(const run::Progress&)> on_progress;
  std::function<bool()> interrupted;  ///< Asked a few times a second; true ends the agent.
};

/// Sends a message and waits for what comes of it; the session has both then, whatever came. Throws what
/// check_message(), chat_agent() and check_may_ask() throw, Error(Conflict) while the agent answers another
/// message of the session, and Error(Refused) when the session is full; then nothing has happened.
Session send_message(project::Project& project, const MessageOrder& order, const Onlooker& onlooker);

/// The same in a process of its own; returns once it has begun. Throws in the same cases.
Session send_in_background(project::Project& project, const MessageOrder& order);
/// The command of that process, see project/own_program.hpp, and what it does.
inline constexpr const char* answer_word = "__answer-chat";
void answer_in_background(project::Project& project, const MessageOrder& order,
                          const ReportStart& report_start);

/// Asks the process that waits for an answer to end it. Throws Error(Refused) when there is none.
void stop_answer(project::Project& project, const std::string& session);

/// The message of the session whose open proposal has this digest now. A beginning of at least eight signs is
/// enough. Throws Error(Conflict) when there is none: it is decided, or what it would change has changed
/// since.
std::size_t find_proposal(project::Project& project, const Session& session, const std::string& digest);

/// Does what the proposal says, once. Throws as find_proposal() and write().
Written confirm(project::Project& project, const std::string& session, const std::string& digest,
                project::Author author);
/// Nothing is done, and nothing of it can be confirmed any more.
void decline(project::Project& project, const std::string& session, const std::string& digest);

}  // namespace changeling::chat
