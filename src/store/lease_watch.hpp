#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "support/clock.hpp"

namespace changeling::store {

/// How this machine tells that what somebody holds for a time is held no more, although two clocks need not
/// agree: that of the machine that wrote when it ends, and ours. A folder of the user remembers what was seen
/// and when, by the time since this machine was started, which nobody sets.
///
/// What this machine gave itself ends by its own clock. Of anybody else, something is over when our clock
/// says so and, besides, this machine has seen it unrenewed for as long as it was given for; or, where nobody
/// has been looking, when it is over by more than `doubt`.
class LeaseWatch {
 public:
  struct Lease {
    std::string key;  ///< Changes with each renewal.
    Timestamp ends_at{};
    Duration length{};  ///< From when it was given, or renewed, to its end.
  };

  /// More than clocks are wrong by when somebody has set the wrong time zone.
  static constexpr Duration doubt = std::chrono::hours(15);

  explicit LeaseWatch(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Notes what this machine gives, at `now` by its clock.
  void given(const Lease& lease, Timestamp now) const;
  /// Begins to watch it, if that has not begun before; whether it is over. A file that cannot be written
  /// counts as not having looked.
  bool is_over(const Lease& lease, Timestamp now) const;

 private:
  /// Leases are spread over files: each is read and written as a whole, and there are many in two days.
  std::filesystem::path file_of(std::string_view key) const;

  std::filesystem::path folder_;
};

}  // namespace changeling::store
