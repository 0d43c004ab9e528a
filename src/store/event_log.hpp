#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "support/clock.hpp"

namespace changeling::store {

/// The events of docs/events.md: work:added, work:status_changed, work:assigned, work:progress,
/// work:completed, agent:spawned, agent:status_changed, and run:started, run:finished, trigger:skipped. A
/// local, append-only stream of JSON lines `{"seq","time","event",…}`, numbered from 1 without gaps. Many
/// processes may append; a line is whole or absent, also after a crash.
class EventLog {
 public:
  EventLog(std::filesystem::path file, const Clock& clock);

  /// Returns the event's number.
  std::int64_t append(std::string_view event, const nlohmann::json& fields);
  /// Calls `on_event` with every line after number `since`. With `go_on` it then waits for more until that
  /// returns false; appended lines arrive at once (inotify), not by polling.
  void read(std::int64_t since, const std::function<void(const std::string& line)>& on_event,
            const std::function<bool()>& go_on);

 private:
  std::filesystem::path file_;
  const Clock& clock_;
};

}  // namespace changeling::store
