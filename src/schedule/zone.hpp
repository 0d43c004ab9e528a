#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "support/clock.hpp"

namespace changeling::schedule {

/// What a clock on the wall shows.
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

/// One zone of the system's time-zone database.
class Zone {
 public:
  /// Throws Error(Invalid) for an unknown name, Error(Unavailable) when the database is not installed or the
  /// machine's own zone ("local") cannot be found out.
  explicit Zone(std::string_view name);

  LocalTime to_local(Timestamp time) const;

  /// The furthest that the local clock has been at a moment: to_local, but not falling back where the clock
  /// is turned back. A local time is past exactly when it is not after this.
  LocalTime latest_local(Timestamp time) const;

  /// The moment that stands for a local time: the first one of two, and the end of the gap for one that
  /// daylight saving leaves out. Never decreases when the local time grows.
  Timestamp to_system(LocalTime time) const;

 private:
  struct Rules;
  std::shared_ptr<const Rules> rules_;  ///< Null is UTC, which needs no database.
};

}  // namespace changeling::schedule
