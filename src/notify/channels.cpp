#include "notify/channels.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "git/clean_environment.hpp"
#include "notify/message_formats.hpp"
#include "secrets/forms.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::notify {
namespace {

constexpr std::chrono::seconds time_limit{15};
constexpr std::size_t shown_answer = 120;

// The program `command`.

/// Alerts are not given in what it starts: a notification must not lead to itself.
Environment environment_of_command(const Notification& notification, const Means& means) {
  Environment environment = git::without_repository_variables(means.environment);
  environment.set("CHANGELING_EVENT", "notification");
  environment.set("CHANGELING_NOTIFICATION_TITLE", notification.title);
  environment.set("CHANGELING_NOTIFICATION_TEXT", whole_text(notification));
  return environment;
}

void run_to_success(const Command& command, const Means& means) {
  const ProcessResult result = means.processes.run(command, time_limit);
  if (result.timed_out)
    throw Error(ErrorKind::Unavailable,
                fmt::format("it did not end within {}", describe_duration(time_limit)));
  if (result.status.success()) return;
  const std::string said = without_controls(valid_utf8(trim(last_part(result.error, shown_answer))));
  throw Error(ErrorKind::External,
              fmt::format("it ended with {}{}", result.status.describe(), said.empty() ? "" : ": " + said));
}

void run_command(const Notification& notification, const ChannelSettings& settings, const Means& means) {
  Command command;
  command.arguments = {"/bin/sh", "-c", settings.command};
  command.working_directory = "/";
  command.environment = environment_of_command(notification, means);
  command.standard_input = json_text(to_json(notification)) + "\n";
  run_to_success(command, means);
}

// The desktop.

/// Under cron nothing tells where the desktop is; its bus lies at a known place (systemd's pam_systemd(8)).
Environment environment_of_desktop(const Means& means) {
  constexpr const char* variable = "DBUS_SESSION_BUS_ADDRESS";
  Environment environment = means.environment;
  const std::string bus = fmt::format("/run/user/{}/bus", ::getuid());
  std::error_code unreadable;
  if (!environment.get(variable) && std::filesystem::exists(bus, unreadable))
    environment.set(variable, "unix:path=" + bus);
  return environment;
}

bool has_desktop(const Environment& environment) {
  for (const char* variable : {"DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"}) {
    if (environment.get(variable)) return true;
  }
  return false;
}

/// Where there is no desktop, or no program for its messages, there is nobody to tell.
void show_on_desktop(const Notification& notification, const ChannelSettings&, const Means& means) {
  Command command;
  command.environment = environment_of_desktop(means);
  if (!has_desktop(*command.environment) || !find_program("notify-send", *command.environment)) return;
  command.arguments = {"notify-send",
                       "--app-name=git-changeling",
                       notification.is_urgent ? "--urgency=critical" : "--urgency=normal",
                       "--",
                       notification.title,
                       desktop_body(notification)};
  run_to_success(command, means);
}

// Mail.

void send_mail(const Notification& notification, const ChannelSettings& settings, const Means& means) {
  if (settings.mail_server.empty()) {
    throw Error(ErrorKind::Invalid, "changeling.notifyMailServer is not set",
                "for example: git changeling config set --global changeling.notifyMailServer "
                "smtp://me@mail.example.org:587");
  }
  const ServerAddress server = parse_server_address(settings.mail_server, "smtp, smtps");
  http::Mail mail;
  mail.server = server.url;
  mail.user = server.user;
  if (!server.user.empty()) mail.password = means.password(server);
  mail.from = settings.mail_from;
  mail.to = settings.mail_to;
  mail.message = mail_message(notification, {mail.from, mail.to}, means.clock.now());
  mail.time_limit = time_limit;
  means.mail.send(mail);
}

// HTTP.

/// Whatever the client hints at for a forge does not belong here.
http::HttpResponse answer_to(const http::HttpRequest& request, const Means& means) {
  try {
    return means.http.send(request);
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(), "check the network and the proxy settings");
  }
}

void post(const http::HttpRequest& request, const ServerAddress& server, const Means& means) {
  const http::HttpResponse response = answer_to(request, means);
  constexpr int first_success = 200;
  constexpr int behind_success = 300;
  if (response.status >= first_success && response.status < behind_success) return;
  throw Error(ErrorKind::External, fmt::format("{} answered {}: {}", server.host, response.status,
                                               shortened(trim(response.body), shown_answer)));
}

/// HTTP knows no header of several lines (RFC 9112, section 5.2).
std::string unfolded(std::string value) {
  for (auto fold = value.find("\r\n"); fold != std::string::npos; fold = value.find("\r\n"))
    value.erase(fold, 2);
  return value;
}

void post_to_ntfy(const Notification& notification, const ChannelSettings& settings, const Means& means) {
  const ServerAddress server = parse_server_address(settings.ntfy, "http, https");
  http::HttpRequest request;
  request.method = "POST";
  request.url = server.url;
  request.body = whole_text(notification);
  request.time_limit = time_limit;
  request.headers = {{"Content-Type", "text/plain; charset=utf-8"},
                     {"Title", unfolded(header_value(notification.title))},
                     {"Priority", notification.is_urgent ? "high" : "default"}};
  if (!notification.link.empty()) request.headers.emplace_back("Click", notification.link);
  if (!server.user.empty()) {
    const std::string pair = server.user + ":" + means.password(server);
    request.headers.emplace_back("Authorization", "Basic " + base64(pair));
  }
  post(request, server, means);
}

void post_to_slack(const Notification& notification, const ChannelSettings& settings, const Means& means) {
  const ServerAddress server = parse_server_address(settings.slack, "http, https");
  http::HttpRequest request;
  request.method = "POST";
  request.url = server.url;
  request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
  request.body = slack_body(notification);
  request.time_limit = time_limit;
  post(request, server, means);
}

constexpr std::array all_channels{
    Channel{"command", "A command line of yours, which gets the notification as JSON on standard input",
            "changeling.notifyCommand",
            [](const ChannelSettings& settings) { return !settings.command.empty(); }, run_command},
    Channel{"desktop", "A message on this machine's desktop, through notify-send", "changeling.notifyDesktop",
            [](const ChannelSettings& settings) { return settings.desktop; }, show_on_desktop},
    Channel{"mail", "A message by mail, over SMTP", "changeling.notifyMail",
            [](const ChannelSettings& settings) { return !settings.mail_to.empty(); }, send_mail},
    Channel{"ntfy", "A POST to a topic of ntfy, or of whatever takes the same", "changeling.notifyNtfy",
            [](const ChannelSettings& settings) { return !settings.ntfy.empty(); }, post_to_ntfy},
    Channel{"slack", "An incoming webhook of Slack, or of whatever takes the same", "changeling.notifySlack",
            [](const ChannelSettings& settings) { return !settings.slack.empty(); }, post_to_slack},
};

}  // namespace

std::span<const Channel> channels() {
  return all_channels;
}

const Channel& known_channel(std::string_view name) {
  std::vector<std::string> names;
  for (const Channel& channel : all_channels) {
    if (channel.name == name) return channel;
    names.emplace_back(channel.name);
  }
  const auto near = nearest(name, names);
  throw Error(ErrorKind::NotFound, fmt::format("there is no channel '{}'", shortened(name)),
              near ? fmt::format("did you mean {}?", *near) : "there are " + join(names, ", "));
}

std::vector<std::string> channels_in_use(const ChannelSettings& settings) {
  std::vector<std::string> names;
  for (const Channel& channel : all_channels) {
    if (channel.is_on(settings)) names.emplace_back(channel.name);
  }
  return names;
}

}  // namespace changeling::notify
