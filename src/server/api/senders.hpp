#pragma once

#include <string>
#include <string_view>

#include "server/message.hpp"

namespace changeling::server::api {

/// "owner (session phone-1)", as chats note who has sent a message.
std::string sender_of(const Caller& caller);
/// The session in it; "" for a message that came another way.
std::string session_of(std::string_view sender);

}  // namespace changeling::server::api
