#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/notices.hpp"
#include "project/own_program.hpp"
#include "support/detach.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "view/notices.hpp"

namespace changeling::cli {
namespace {

using notify::Channel;

notify::Notification test_notification(Context& context) {
  notify::Notification notification;
  notification.kind = "test";
  notification.repository = context.repository().display_name();
  notification.title = fmt::format("{}: a test of notifications", notification.repository);
  notification.text = "This is what git changeling notify test sends. Nothing has happened.";
  notification.command = "git changeling status";
  return notification;
}

/// Those that were asked for, or all that are on.
std::vector<const Channel*> chosen_channels(Context& context, const std::string& name) {
  const notify::ChannelSettings settings = project::channel_settings(context);
  std::vector<const Channel*> chosen;
  if (!name.empty()) chosen.push_back(&notify::known_channel(name));
  for (const Channel& channel : notify::channels()) {
    if (name.empty() && channel.is_on(settings)) chosen.push_back(&channel);
  }
  if (!name.empty() && !chosen.front()->is_on(settings)) {
    throw Error(ErrorKind::Refused, fmt::format("the channel {} is not switched on", name),
                fmt::format("git changeling config set --global {} VALUE", chosen.front()->setting));
  }
  if (chosen.empty()) {
    throw Error(ErrorKind::NotFound, "no channel is switched on",
                "see: git changeling notify list, and for example: git changeling config set --global "
                "changeling.notifyDesktop true");
  }
  return chosen;
}

/// Nothing when it was taken.
std::string problem_of(Context& context, const notify::Notification& notification, const Channel& channel) {
  try {
    project::deliver(context, notification, channel);
    return "";
  } catch (const Error& error) {
    return with_hint(error);
  }
}

Answer test(Context& context, const std::string& name) {
  const notify::Notification notification = test_notification(context);
  Answer answer{{{"tests", Json::array()}}, "", 0};
  for (const Channel* channel : chosen_channels(context, name)) {
    const std::string problem = problem_of(context, notification, *channel);
    answer.json["tests"].push_back({{"channel", channel->name},
                                    {"delivered", problem.empty()},
                                    {"error", problem.empty() ? Json(nullptr) : Json(problem)}});
    answer.text += fmt::format("{}: {}\n", channel->name,
                               problem.empty() ? "delivered" : "not delivered: " + without_controls(problem));
    if (!problem.empty()) answer.exit_code = 1;
  }
  return answer;
}

std::string channel_table(const notify::ChannelSettings& settings, const Terminal& terminal) {
  std::vector<std::vector<TableCell>> rows{
      {{"CHANNEL", Style::Dim}, {"", Style::Dim}, {"SETTING", Style::Dim}, {"WHERE TO", Style::Dim}}};
  for (const Channel& channel : notify::channels()) {
    const bool on = channel.is_on(settings);
    rows.push_back({{std::string(channel.name), Style::Bold},
                    {on ? "on" : "off", on ? Style::Green : Style::Dim},
                    {std::string(channel.setting)},
                    {std::string(channel.sentence)}});
  }
  return format_table(rows, terminal.output_is_terminal ? static_cast<std::size_t>(terminal.width) : 0,
                      terminal.color);
}

std::string waiting_lines(const notify::NoticeBook& book, Timestamp now) {
  std::string lines;
  for (const notify::Notice& notice : book.waiting) {
    for (const notify::OpenDelivery& delivery : notice.open) {
      const std::string why = delivery.error.empty() ? "" : ": " + delivery.error;
      lines += fmt::format("  {}  {}, {}{}\n", delivery.channel, without_controls(notice.notification.title),
                           describe_relative(delivery.next_try, now), without_controls(why));
    }
  }
  return lines.empty() ? "" : "\nWaiting\n" + lines;
}

std::string given_up_lines(const notify::NoticeBook& book, Timestamp now) {
  std::string lines;
  for (const notify::GivenUp& one : book.given_up)
    lines += fmt::format("  {}  {}, {}: {}\n", one.channel, without_controls(one.title),
                         describe_relative(one.time, now), without_controls(one.error));
  return lines.empty() ? "" : "\nNever taken\n" + lines;
}

Answer list(Context& context) {
  const notify::ChannelSettings settings = project::channel_settings(context);
  const notify::NoticeBook book = project::read_notices(context);
  const Timestamp now = context.clock().now();
  return {view::notices_json(settings, book),
          channel_table(settings, context.terminal()) + waiting_lines(book, now) + given_up_lines(book, now),
          0};
}

Answer deliver_in_background(Context& context) {
  project::read_order();
  report_from_background()("");
  project::deliver_notices(context);
  return {};
}

}  // namespace

CommandSpec notify_list_command() {
  return {
      "notify list", "Show where notifications go, and which of them have not arrived",
      "Notifications are switched on by settings (git changeling config list), of this repository or with "
      "--global of all. What does not arrive is tried again for a day.",
      [](Syntax&) -> Action { return list; }, Needs::Nothing};
}

CommandSpec notify_test_command() {
  return {"notify test", "Send a test through one channel, or through all that are switched on",
          "Sends at once and says what came of it. Exit code 1 when a channel did not take it.",
          [](Syntax& syntax) -> Action {
            auto name = std::make_shared<std::string>();
            syntax.value("channel", *name, "Only through this one").value_name("CHANNEL");
            return [name](Context& context) { return test(context, *name); };
          },
          Needs::Nothing};
}

CommandSpec deliver_notices_command() {
  return {project::deliver_word, "Send notifications that are due",
          "What commands that have something to tell start in the background.",
          [](Syntax&) -> Action { return deliver_in_background; }, Needs::Nothing};
}

}  // namespace changeling::cli
