#include "server/subscription.hpp"

#include <fmt/format.h>

#include <charconv>

namespace changeling::server {

std::optional<std::int64_t> event_number(const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc() || stopped != end || number < 0) return std::nullopt;
  return number;
}

std::optional<Event> event_from(const std::string& line) {
  constexpr std::string_view prefix = "{\"seq\":";
  if (!line.starts_with(prefix)) return std::nullopt;
  Event event;
  const auto [stopped, problem] =
      std::from_chars(line.data() + prefix.size(), line.data() + line.size(), event.number);
  if (problem != std::errc() || event.number < 0) return std::nullopt;
  event.line = std::make_shared<const std::string>(line);
  return event;
}

void Subscription::pass_on(const Event& event) {
  if (event.number <= sent_) return;
  sent_ = event.number;
  send_(event.line);
}

void Subscription::on_event(const Event& event) {
  if (has_backlog_) return pass_on(event);
  meanwhile_.push_back(event);
}

void Subscription::on_backlog(const Backlog& backlog) {
  has_backlog_ = true;
  if (backlog.is_gap) {
    reset(backlog.last);
  } else {
    sent_ = after_.value_or(backlog.last);
    if (!after_) tell_place("begin");
    for (const Event& event : backlog.events) pass_on(event);
  }
  for (const Event& event : meanwhile_) pass_on(event);
  meanwhile_.clear();
}

void Subscription::tell_place(std::string_view word) {
  send_(std::make_shared<const std::string>(fmt::format(R"({{"event":"{}","seq":{}}})", word, sent_)));
}

void Subscription::reset(std::int64_t last) {
  sent_ = last;
  tell_place("reset");
}

}  // namespace changeling::server
