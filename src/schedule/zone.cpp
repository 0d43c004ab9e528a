#include "schedule/zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <string>

#include "schedule/time_zone.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::schedule {
namespace {

const date::tzdb& database() {
  try {
    return date::get_tzdb();
  } catch (const std::exception& error) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("the time-zone database cannot be read: {}", error.what()),
                "install it (Debian: apt-get install tzdata), or use the time zone UTC");
  }
}

/// Null when the database has no such zone.
const date::time_zone* find_zone(std::string_view name) {
  const auto& zones = database().zones;
  const auto zone = std::lower_bound(zones.begin(), zones.end(), name,
                                     [](const date::time_zone& one, std::string_view other) {
                                       return std::string_view(one.name()) < other;
                                     });
  return zone != zones.end() && zone->name() == name ? &*zone : nullptr;
}

const date::time_zone* own_zone() {
  database();
  try {
    return date::current_zone();
  } catch (const std::exception& error) {
    throw Error(ErrorKind::Unavailable,
                fmt::format("this machine's time zone is not known: {}", error.what()),
                "name the zone instead of \"local\", for example \"Europe/Berlin\"");
  }
}

bool is_utc(std::string_view name) {
  return name.empty() || name == "UTC";
}

}  // namespace

Zone::Zone(std::string_view name) : zone_(nullptr) {
  if (is_utc(name)) return;
  zone_ = name == "local" ? own_zone() : find_zone(name);
  if (zone_ == nullptr) {
    const std::string suggestion = suggest_time_zone(name);
    throw Error(ErrorKind::Invalid, fmt::format("\"{}\" is not a time zone of the system's database", name),
                suggestion.empty() ? "use a name such as \"Europe/Berlin\" or \"UTC\""
                                   : fmt::format("did you mean \"{}\"?", suggestion));
  }
}

LocalTime Zone::to_local(Timestamp time) const {
  if (zone_ == nullptr) return LocalTime(time.time_since_epoch());
  return LocalTime(zone_->to_local(time).time_since_epoch());
}

LocalTime Zone::latest_local(Timestamp time) const {
  LocalTime latest = to_local(time);
  if (zone_ == nullptr) return latest;
  // No clock has ever been turned back by more than a day, so an older change cannot matter.
  const Timestamp oldest = time - std::chrono::days(1);
  for (date::sys_info info = zone_->get_info(date::floor<std::chrono::seconds>(time)); info.begin > oldest;) {
    const Timestamp end = info.begin - std::chrono::milliseconds(1);
    info = zone_->get_info(date::floor<std::chrono::seconds>(end));
    latest = std::max(latest, LocalTime(end.time_since_epoch() + info.offset));
  }
  return latest;
}

Timestamp Zone::to_system(LocalTime time) const {
  if (zone_ == nullptr) return Timestamp(time.time_since_epoch());
  const auto local = date::local_time<std::chrono::milliseconds>(time.time_since_epoch());
  const date::local_info info = zone_->get_info(date::floor<std::chrono::seconds>(local));
  if (info.result == date::local_info::nonexistent) return info.first.end;
  return Timestamp(local.time_since_epoch() - info.first.offset);
}

bool is_known_time_zone(std::string_view name) {
  return name == "local" || (is_utc(name) && !name.empty()) || find_zone(name) != nullptr;
}

std::string suggest_time_zone(std::string_view name) {
  std::vector<std::string> candidates = {"UTC", "local"};
  std::vector<std::string> lower_names = {"utc", "local"};
  const std::string lower = to_lower(name);
  if (lower == "utc") return "UTC";
  for (const auto& zone : database().zones) {
    const std::string lower_zone = to_lower(zone.name());
    // "berlin", "Berlin", "europe/berlin": the right zone in all but its folder or its capitals.
    if (lower_zone == lower || lower_zone.substr(lower_zone.rfind('/') + 1) == lower) return zone.name();
    candidates.push_back(zone.name());
    lower_names.push_back(lower_zone);
  }
  const auto found = nearest(lower, lower_names);
  if (!found) return "";
  const auto index = std::find(lower_names.begin(), lower_names.end(), *found) - lower_names.begin();
  return candidates[static_cast<std::size_t>(index)];
}

}  // namespace changeling::schedule
