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

/// A word of a unit file as it is meant, whatever it holds: systemd expands % in every value.
std::string systemd_value(std::string_view word);
/// A word of a command line or an assignment in a unit file, in double quotes (systemd.service(5)).
std::string systemd_word(std::string_view word);

}  // namespace changeling::schedule
