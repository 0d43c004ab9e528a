#include "project/notices.hpp"

#include <fmt/format.h>

#include "git/clean_environment.hpp"
#include "project/event_notification.hpp"
#include "project/own_program.hpp"
#include "project/project.hpp"
#include "project/settings.hpp"
#include "support/detach.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "support/user_folders.hpp"

namespace changeling::project {
namespace {

namespace fs = std::filesystem;

/// Below the XDG state folder, which nobody shares: in a repository that a group shares each of them is told
/// in their own ways.
fs::path notices_file(Project& project) {
  const Places& places = project.places();
  const auto state = find_user_folder(project.environment(), UserFolder::State);
  return state.value_or(places.local_folder()) / "notices" /
         (places.worktrees().filename().string() + ".json");
}

fs::path lock_file(Project& project, const char* purpose) {
  return notices_file(project).string() + purpose;
}

/// Changes the book in one step, whoever else does.
template <typename ChangeOfBook>
void change_book(Project& project, const ChangeOfBook& change) {
  constexpr std::chrono::seconds patience{5};
  const auto lock = FileLock::acquire(lock_file(project, ".lock"), patience);
  if (!lock) throw Error(ErrorKind::Unavailable, "another process keeps the notifications locked");
  notify::NoticeBook book = read_notices(project);
  if (!change(book)) return;
  write_file(notices_file(project), notify::to_json(book).dump() + "\n");
}

/// See gitcredentials(7), and git-send-email(1), which asks for the password of a mail server alike.
std::string password_of(Project& project, const notify::ServerAddress& server) {
  constexpr std::chrono::seconds patience{10};
  Command command;
  command.arguments = {"git", "credential", "fill"};
  command.environment = git::without_repository_variables(project.environment());
  command.environment->set("GIT_TERMINAL_PROMPT", "0");
  command.environment->set("GIT_ASKPASS", "");
  command.standard_input =
      fmt::format("protocol={}\nhost={}\nusername={}\n\n", server.scheme, server.host, server.user);
  const ProcessResult result = project.processes().run(command, patience);
  constexpr std::string_view key = "password=";
  for (const std::string& line : split_lines(result.output)) {
    if (result.status.success() && line.starts_with(key)) return line.substr(key.size());
  }
  throw Error(ErrorKind::Refused,
              fmt::format("none of git's credential helpers knows a password of {} at {}://{}", server.user,
                          server.scheme, server.host),
              "give it to one: git credential approve (see git help credential)");
}

std::string link_setting(Project& project) {
  return text_setting(project.repository(), "changeling.serveUrl").value_or("");
}

/// An event must not lead to itself, and an agent tells nobody anything in its user's name.
bool is_silent(const Environment& environment) {
  return environment.get("CHANGELING_EVENT").has_value() || environment.get("CHANGELING_RUN").has_value();
}

/// Through a channel that was switched off meanwhile nothing goes any more.
void deliver_one(Project& project, const notify::DueDelivery& due) {
  const Clock& clock = project.clock();
  try {
    const notify::Channel& channel = notify::known_channel(due.channel);
    if (channel.is_on(channel_settings(project))) deliver(project, due.notification, channel);
    change_book(project, [&](notify::NoticeBook& book) {
      note_delivered(book, due);
      return true;
    });
  } catch (const Error& error) {
    change_book(project, [&](notify::NoticeBook& book) {
      note_failed(book, due, with_hint(error), clock.now());
      return true;
    });
  }
}

void take_in(Project& project, const notify::Notification& notification) {
  const auto channels = notify::channels_in_use(channel_settings(project));
  if (channels.empty()) return;
  std::vector<std::string> problems;
  change_book(project, [&](notify::NoticeBook& book) {
    problems = delivery_problems(book);
    return admit(book, notification, channels, project.clock().now());
  });
  for (const std::string& problem : problems) project.message("warning: " + problem);
  send_due_notices(project);
}

}  // namespace

notify::ChannelSettings channel_settings(Project& project) {
  const git::Repository& repository = project.repository();
  const auto text = [&](std::string_view key) { return text_setting(repository, key).value_or(""); };
  notify::ChannelSettings settings;
  settings.command = text("changeling.notifyCommand");
  settings.desktop = switch_setting(repository, "changeling.notifyDesktop");
  settings.mail_to = repository.config_all("changeling.notifyMail");
  for (const std::string& address : settings.mail_to)
    check_setting(known_setting("changeling.notifyMail"), repository, address);
  settings.mail_server = text("changeling.notifyMailServer");
  settings.mail_from = text("changeling.notifyMailFrom");
  if (settings.mail_from.empty()) settings.mail_from = repository.config("user.email").value_or("");
  settings.ntfy = text("changeling.notifyNtfy");
  settings.slack = text("changeling.notifySlack");
  return settings;
}

notify::NoticeBook read_notices(Project& project) {
  const fs::path file = notices_file(project);
  try {
    if (const auto text = read_file_if_exists(file))
      return notify::book_from_json(parse_json(*text, file.string()));
  } catch (const Error&) {
    // What was told may be told again; more is not lost.
  }
  return {};
}

void deliver(Project& project, const notify::Notification& notification, const notify::Channel& channel) {
  http::CurlHttpClient http_client(project.interruption());
  http::CurlMailClient mail;
  const notify::Means means{http_client,
                            mail,
                            project.processes(),
                            project.clock(),
                            project.environment(),
                            [&](const notify::ServerAddress& server) { return password_of(project, server); }};
  channel.deliver(notify::harmless(notification), channel_settings(project), means);
}

void deliver_notices(Project& project) {
  constexpr std::chrono::seconds patience{60};
  const auto sending = FileLock::acquire(lock_file(project, ".sending"), patience);
  if (!sending) return;
  for (;;) {
    const auto due = due_deliveries(read_notices(project), project.clock().now());
    if (due.empty()) return;
    for (const notify::DueDelivery& one : due) deliver_one(project, one);
  }
}

void send_due_notices(Project& project) {
  if (is_silent(project.environment())) return;
  try {
    if (due_deliveries(read_notices(project), project.clock().now()).empty()) return;
    Command command = own_program(project, deliver_word, Json::object());
    command.session = Session::Detached;
    start_in_background(command);
  } catch (const std::exception& error) {
    project.message(fmt::format("notifications wait: {}", error.what()));
  }
}

std::size_t retry_notices(Project& project) {
  std::size_t due = 0;
  change_book(project, [&](notify::NoticeBook& book) {
    due = try_again(book, project.clock().now());
    return true;
  });
  send_due_notices(project);
  return due;
}

void notice_event(Project& project, std::string_view event, const Json& fields) {
  if (is_silent(project.environment())) return;
  const auto notification =
      notification_of(event, fields, {project.repository().display_name(), link_setting(project)});
  if (!notification) return;
  if (is_wanted(notification->kind, project.repository().config_all("changeling.notifyOn")))
    take_in(project, *notification);
}

}  // namespace changeling::project
