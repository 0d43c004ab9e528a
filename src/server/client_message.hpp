#pragma once

#include <cstdint>
#include <string>

#include "support/json.hpp"

namespace changeling::server {

/// What a client says over its WebSocket: an object with an `id` of its own and one command
/// (docs/service.md).
struct ClientMessage {
  enum class Command { Subscribe, Unsubscribe, Input, Stop, Chat };

  Json id;  ///< A text or a number; null where there is none.
  Command command = Command::Subscribe;
  std::string run;         ///< As the user names it; or empty.
  std::string task;        ///< Instead of the run that works on it; or empty.
  std::string chat;        ///< The chat that a message goes on with; empty begins one.
  std::string text;        ///< Of an input, or a message.
  std::int64_t after = 0;  ///< Of a subscription: how many bytes of the log the client has.
};

/// Throws Error(Invalid) that says what a message looks like.
ClientMessage read_client_message(const std::string& text);
/// The id that an answer to this message bears, whatever else is wrong with it; null for none.
Json id_of_message(const std::string& text);

}  // namespace changeling::server
