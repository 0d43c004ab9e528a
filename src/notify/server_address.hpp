#pragma once

#include <string>
#include <string_view>

namespace changeling::notify {

/// The parts of "SCHEME://[USER@]HOST[:PORT][/PATH]" that say where something goes and who sends it.
struct ServerAddress {
  std::string scheme;  ///< In lower case.
  std::string user;    ///< Decoded ("me%40example.org" is me@example.org); may be empty.
  std::string host;    ///< With its port, if it has one.
  std::string url;     ///< Without the user.
};

/// Throws Error(Invalid) for what is no such address, and for one with a password in it: that belongs to
/// git's credential helpers. `schemes` is a list such as "smtp, smtps" for the message.
ServerAddress parse_server_address(std::string_view text, std::string_view schemes);

/// Whether it is this machine, where nobody listens on the way.
bool is_on_this_machine(const ServerAddress& address);

}  // namespace changeling::notify
