#pragma once

#include <string>
#include <string_view>

namespace changeling::schedule {

inline constexpr std::string_view systemd_timer_name = "git-changeling.timer";
inline constexpr std::string_view systemd_service_name = "git-changeling.service";

/// How often the timer fires, as systemd.time(7) writes it: every minute.
inline constexpr std::string_view systemd_calendar = "*-*-* *:*:00";

/// The timer's unit file.
std::string systemd_timer_unit();

/// The service's unit file: runs the shell script, and is content when it is gone.
std::string systemd_service_unit(const std::string& script);

}  // namespace changeling::schedule
