#include "notify/notification.hpp"

#include <fmt/format.h>

#include "support/json.hpp"
#include "support/page_address.hpp"
#include "support/text.hpp"
#include "support/visible_text.hpp"

namespace changeling::notify {
namespace {

constexpr std::size_t longest_title = 150;
/// ntfy turns more than 4096 bytes into an attachment; Slack takes 3000 characters in a block.
constexpr std::size_t longest_text = 900;

std::string one_line(const std::string& text) {
  return first_letters(without_controls(valid_utf8(text)), longest_title);
}

}  // namespace

Notification harmless(Notification notification) {
  for (std::string* line :
       {&notification.subject, &notification.repository, &notification.title, &notification.command})
    *line = one_line(*line);
  notification.text = first_letters(shown_as_text(notification.text, LineEnds::Kept), longest_text);
  if (!is_page_address(notification.link)) notification.link.clear();
  return notification;
}

std::string whole_text(const Notification& notification) {
  std::string text = notification.text;
  if (!notification.link.empty()) text += "\n\n" + notification.link;
  if (notification.link.empty() && !notification.command.empty()) text += "\n\n" + notification.command;
  return text;
}

Json to_json(const Notification& notification) {
  return {{"kind", notification.kind},
          {"subject", notification.subject},
          {"cause", notification.cause},
          {"repository", notification.repository},
          {"title", notification.title},
          {"text", notification.text},
          {"link", notification.link.empty() ? Json(nullptr) : Json(notification.link)},
          {"command", notification.command.empty() ? Json(nullptr) : Json(notification.command)},
          {"urgent", notification.is_urgent}};
}

Notification notification_from_json(const Json& object) {
  const auto text = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  return {text("kind"),       text("subject"), text("cause"),
          text("repository"), text("title"),   text("text"),
          text("link"),       text("command"), json_bool(object, "urgent").value_or(false)};
}

}  // namespace changeling::notify
