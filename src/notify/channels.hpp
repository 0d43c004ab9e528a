#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/client.hpp"
#include "http/mail_client.hpp"
#include "notify/notification.hpp"
#include "notify/server_address.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"
#include "support/process.hpp"

namespace changeling::notify {

/// Where the user wants to be told. All of it is from their own settings: none of it comes with a clone.
struct ChannelSettings {
  std::string command;  ///< For /bin/sh; empty: none.
  bool desktop = false;
  std::vector<std::string> mail_to;  ///< Empty: no mail.
  std::string mail_from;
  std::string mail_server;  ///< "smtp://[USER@]HOST[:PORT]", or smtps.
  std::string ntfy;         ///< The address of a topic; empty: none.
  std::string slack;        ///< Of an incoming webhook, which is a secret; empty: none.
};

/// What a delivery goes through.
struct Means {
  http::HttpClient& http;
  http::MailClient& mail;
  ProcessRunner& processes;
  const Clock& clock;
  const Environment& environment;
  /// The password of the user in the address. Throws Error when nobody keeps it.
  std::function<std::string(const ServerAddress&)> password;
};

/// One way to a user.
struct Channel {
  std::string_view name;
  std::string_view sentence;  ///< Where messages go, without a full stop.
  std::string_view setting;   ///< What switches it on.
  bool (*is_on)(const ChannelSettings& settings);
  /// Returns once the message is taken. Throws Error otherwise; its message holds no secret.
  void (*deliver)(const Notification& notification, const ChannelSettings& settings, const Means& means);
};

/// The only list of them, sorted by name.
std::span<const Channel> channels();
/// Throws Error(NotFound) with the nearest right name.
const Channel& known_channel(std::string_view name);
/// The names of those that are switched on.
std::vector<std::string> channels_in_use(const ChannelSettings& settings);

}  // namespace changeling::notify
