#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "support/clock.hpp"
#include "support/environment.hpp"

namespace changeling::triggers {

/// What cron or systemd runs once a minute, written by `schedule install`: it is there exactly while a timer
/// is installed.
std::filesystem::path tick_script_file(const Environment& environment);

/// The same as text for a line of a crontab or a unit. Throws Error(Refused) for what no such line can hold:
/// a line end or another control character, and what is no UTF-8 (crontab(5), systemd.syntax(7)).
std::string tick_script_word(const Environment& environment);

/// Whether a timer of this user runs that script.
bool timer_is_installed(const Environment& environment);

/// Where the output of `tick` goes when a timer starts it.
std::filesystem::path tick_log_file(const Environment& environment);

/// Keeps the log bounded: one that has grown past a megabyte becomes "tick.log.1", in the place of an older
/// one. For the start of `tick`. Fails silently: a full log must not keep runs from starting.
void rotate_tick_log(const Environment& environment);

/// When `tick` last ran, from a file of RFC 3339 times; nothing when it never has, or without a home
/// folder to note it in.
std::optional<Timestamp> last_tick(const Environment& environment);
/// The last times in different minutes, newest first, at most three: one alone may have been typed by hand.
std::vector<Timestamp> last_ticks(const Environment& environment);
void write_last_tick(const Environment& environment, Timestamp time);

}  // namespace changeling::triggers
