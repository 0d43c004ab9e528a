#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace changeling {

/// A moment in UTC with the precision that records keep.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using Duration = std::chrono::milliseconds;

/// Where the time comes from. Tests step a fake; everything else uses SystemClock.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

class SystemClock : public Clock {
 public:
  Timestamp now() const override;
};

/// RFC 3339 in UTC with milliseconds, "2026-11-20T03:00:00.000Z".
std::string format_timestamp(Timestamp time);

/// Reads RFC 3339 with `Z` or a numeric offset, seconds with or without a fraction.
/// Throws Error(Invalid) for anything else.
Timestamp parse_timestamp(std::string_view text);

/// "90s", "15m", "1h30m", "7d", and sums of such parts in falling order; also "500ms".
/// Throws Error(Invalid) that names the accepted forms.
Duration parse_duration(std::string_view text);

/// The shortest exact form that parse_duration reads back, such as "1h30m"; "0s" for zero.
std::string format_duration(Duration duration);

/// For people: "12s", "4m05s", "2h10m", "3d4h"; fractions only below ten seconds ("3.2s").
std::string describe_duration(Duration duration);

/// For people: "just now", "5 minutes ago", "in 3 hours", "2 days ago".
std::string describe_relative(Timestamp time, Timestamp now);

}  // namespace changeling
