#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace changeling::server {

/// An event as it goes to clients: its line of the log, which begins with its number.
struct Event {
  std::int64_t number = 0;
  std::shared_ptr<const std::string> line;
};
/// Reads "12", and nothing else.
std::optional<std::int64_t> event_number(const std::string& text);
/// Nothing for a line without a number.
std::optional<Event> event_from(const std::string& line);

/// What the log holds after a number.
struct Backlog {
  std::vector<Event> events;
  std::int64_t last = 0;  ///< Number of the log's last event.
  bool is_gap = false;    ///< Some of what was asked for is gone, or too much.
};

/// What one client still gets, so that it gets each event once and in order: those that it has missed, read
/// from the log, and those that come meanwhile. Pure.
class Subscription {
 public:
  using Send = std::function<void(std::shared_ptr<const std::string>)>;

  /// `after`: the number of the last event that the client knows; nothing: it begins with the next one, and
  /// is told with {"event":"begin","seq":LAST} where that is, so that what it loads from then on misses
  /// nothing.
  Subscription(std::optional<std::int64_t> after, Send send) : after_(after), send_(std::move(send)) {}

  /// An event has come.
  void on_event(const Event& event);
  /// The answer for `after`. Where something is missing the client gets {"event":"reset","seq":LAST}: it
  /// loads anew and goes on from there.
  void on_backlog(const Backlog& backlog);
  /// The log counts from one again.
  void reset(std::int64_t last);

 private:
  void pass_on(const Event& event);
  /// A place in the log, under a word.
  void tell_place(std::string_view word);

  std::optional<std::int64_t> after_;
  Send send_;
  bool has_backlog_ = false;
  std::int64_t sent_ = 0;
  std::vector<Event> meanwhile_;
};

}  // namespace changeling::server
