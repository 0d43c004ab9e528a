#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "support/clock.hpp"
#include "support/json.hpp"

namespace changeling::events {

/// The events of docs/events.md: work:added, work:status_changed, work:assigned, work:progress,
/// work:completed, agent:spawned, agent:status_changed, and run:started, run:finished, trigger:skipped. A
/// local, append-only stream of JSON lines `{"seq","time","event",…}`, numbered from 1 without gaps. Many
/// processes may append; a line is whole or absent, also after a crash.
class EventLog {
 public:
  EventLog(std::filesystem::path file, const Clock& clock);

  struct Event {
    std::string name;
    nlohmann::json fields;  ///< An object, or null for none.
  };

  /// Returns the event's number. Throws Error(Unavailable) when another process keeps the log locked.
  std::int64_t append(std::string_view event, const nlohmann::json& fields);
  /// Appends all in one step, with numbers in a row; returns the last one (0 when there is nothing to
  /// append).
  std::int64_t append_all(const std::vector<Event>& events);
  /// Calls `on_event` with every line after number `since`. With `go_on` it then waits for more until that
  /// returns false; appended lines arrive at once (inotify), and `go_on` is asked several times a second.
  void read(std::int64_t since, const std::function<void(const std::string& line)>& on_event,
            const std::function<bool()>& go_on);

 private:
  std::filesystem::path file_;
  const Clock& clock_;
};

}  // namespace changeling::events
