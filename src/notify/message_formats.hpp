#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "notify/notification.hpp"
#include "support/clock.hpp"

namespace changeling::notify {

// How each channel writes a notification that went through harmless(): nothing in it can become anything but
// text there.

/// The body for an incoming webhook (https://api.slack.com/messaging/webhooks). Texts are plain text, which
/// has no markup; the one link is ours.
std::string slack_body(const Notification& notification);

/// A value of a header as RFC 2047 has it: as it is when it is printable ASCII, else in encoded words, which
/// no line is longer for than 76 characters.
std::string header_value(std::string_view text);

struct MailAddresses {
  std::string from;
  std::vector<std::string> to;
};

/// A whole message with CRLF line ends (RFC 5322; its text quoted-printable, RFC 2045).
std::string mail_message(const Notification& notification, const MailAddresses& addresses, Timestamp now);

/// Whether it can stand in an envelope and a header, and leads to one mailbox: "local@domain".
bool is_mail_address(std::string_view text);

/// The body of a message of the desktop, whose servers may read markup.
std::string desktop_body(const Notification& notification);

}  // namespace changeling::notify
