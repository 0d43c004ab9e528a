#include "schedule/systemd_units.hpp"

#include <fmt/format.h>

namespace changeling::schedule {
namespace {

constexpr std::string_view origin =
    "# Written by \"git changeling schedule install\", which writes it again.\n";

}  // namespace

std::string systemd_value(std::string_view word) {
  std::string text;
  for (const char letter : word) text += letter == '%' ? "%%" : std::string(1, letter);
  return text;
}

std::string systemd_word(std::string_view word) {
  std::string text = "\"";
  for (const char letter : systemd_value(word)) {
    if (letter == '"' || letter == '\\') text += '\\';
    if (letter == '$') text += '$';
    text += letter;
  }
  return text + "\"";
}

std::string systemd_timer_unit() {
  return fmt::format(
      "{}"
      "[Unit]\n"
      "Description=Look every minute for changelings that are due\n"
      "\n"
      "[Timer]\n"
      "OnCalendar={}\n"
      "AccuracySec=1s\n"
      "\n"
      "[Install]\n"
      "WantedBy=timers.target\n",
      origin, systemd_calendar);
}

std::string systemd_service_unit(const std::string& script) {
  // Runs go on when the look is over: only the process that looked ends with the service.
  return fmt::format(
      "{}"
      "[Unit]\n"
      "Description=Start the changelings that are due\n"
      "ConditionPathExists={}\n"
      "\n"
      "[Service]\n"
      "Type=oneshot\n"
      "ExecStart=/bin/sh {}\n"
      "KillMode=process\n",
      origin, systemd_value(script), systemd_word(script));
}

}  // namespace changeling::schedule
