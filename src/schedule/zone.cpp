#include "schedule/zone.hpp"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "schedule/time_zone.hpp"
#include "support/error.hpp"
#include "support/local_clock.hpp"
#include "support/text.hpp"

namespace changeling::schedule {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* database = "/usr/share/zoneinfo";
constexpr const char* own_zone_file = "/etc/localtime";

void require_database() {
  std::error_code absent;
  if (std::filesystem::is_directory(database, absent)) return;
  throw Error(ErrorKind::Unavailable,
              fmt::format("the time-zone database cannot be read: {} is not there", database),
              "install it (Debian: apt-get install tzdata), or use the time zone UTC");
}

/// Whether a name may stand for a file of the database: not for one beside it, nor for those in it that are
/// the same zones once more, or no zone of the world's.
bool is_zone_name(std::string_view name) {
  constexpr std::array<std::string_view, 5> no_zones{"posix", "right", "posixrules", "Factory",
                                                     "leapseconds"};
  const std::string_view first = name.substr(0, name.find('/'));
  return !first.empty() && name.find_first_of(std::string_view(".\0", 2)) == std::string_view::npos &&
         name.find("//") == std::string_view::npos &&
         std::find(no_zones.begin(), no_zones.end(), first) == no_zones.end();
}

/// Every zone of the database, sorted. Walks through some 600 files, so only who has no name asks.
std::vector<std::string> zone_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(database)) {
    std::string name = entry.path().lexically_relative(database).string();
    if (is_zone_name(name) && entry.is_regular_file()) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool load(const std::filesystem::path& file, absl::TimeZone& zone) {
  // The library knows names of its own that no file stands for, such as "Fixed/UTC+01:00:00".
  std::error_code absent;
  return std::filesystem::is_regular_file(file, absent) && absl::LoadTimeZone(file.string(), &zone);
}

bool find_zone(std::string_view name, absl::TimeZone& zone) {
  require_database();
  return is_zone_name(name) && load(std::filesystem::path(database) / name, zone);
}

/// As the C library takes TZ: a name, a file, or nothing at all for UTC. Its rules written out are no name.
bool find_named_zone(const std::string& name, absl::TimeZone& zone) {
  if (name.empty()) {
    zone = absl::UTCTimeZone();
    return true;
  }
  return name.front() == '/' ? load(name, zone) : find_zone(name, zone);
}

void find_own_zone(absl::TimeZone& zone) {
  require_database();
  const auto name = time_zone_of_environment();
  if (name && find_named_zone(*name, zone)) return;
  if (load(own_zone_file, zone)) return;
  throw Error(ErrorKind::Unavailable,
              fmt::format("this machine's time zone is not known: {} cannot be read", own_zone_file),
              "name the zone instead of \"local\", for example \"Europe/Berlin\"");
}

bool is_utc(std::string_view name) {
  return name.empty() || name == "UTC";
}

constexpr absl::CivilSecond epoch(1970, 1, 1, 0, 0, 0);

absl::Time to_absl(Timestamp time) {
  return absl::FromUnixMillis(time.time_since_epoch().count());
}

Timestamp from_absl(absl::Time time) {
  return Timestamp(milliseconds(absl::ToUnixMillis(time)));
}

absl::CivilSecond to_civil(LocalTime time) {
  return epoch + std::chrono::floor<seconds>(time).time_since_epoch().count();
}

LocalTime from_civil(absl::CivilSecond time) {
  return LocalTime(seconds(time - epoch));
}

/// The moment at which the clock is turned.
absl::Time moment_of(const absl::TimeZone& zone, const absl::TimeZone::CivilTransition& change) {
  return zone.At(std::min(change.from, change.to)).trans;
}

}  // namespace

struct Zone::Rules {
  absl::TimeZone zone;
};

Zone::Zone(std::string_view name) {
  if (is_utc(name)) return;
  Rules rules;
  if (name == "local") {
    find_own_zone(rules.zone);
  } else if (!find_zone(name, rules.zone)) {
    const std::string suggestion = suggest_time_zone(name);
    throw Error(ErrorKind::Invalid, fmt::format("\"{}\" is not a time zone of the system's database", name),
                suggestion.empty() ? "use a name such as \"Europe/Berlin\" or \"UTC\""
                                   : fmt::format("did you mean \"{}\"?", suggestion));
  }
  rules_ = std::make_shared<const Rules>(rules);
}

LocalTime Zone::to_local(Timestamp time) const {
  const LocalTime utc(time.time_since_epoch());
  return rules_ == nullptr ? utc : utc + seconds(rules_->zone.At(to_absl(time)).offset);
}

LocalTime Zone::latest_local(Timestamp time) const {
  LocalTime latest = to_local(time);
  if (rules_ == nullptr) return latest;
  // No clock has ever been turned back by more than a day, so an older change cannot matter.
  const absl::Time oldest = to_absl(time - std::chrono::days(1));
  absl::TimeZone::CivilTransition change;
  // PrevTransition looks strictly before a moment, and a change at this very moment has happened.
  for (absl::Time moment = to_absl(time) + absl::Nanoseconds(1);
       rules_->zone.PrevTransition(moment, &change);) {
    moment = moment_of(rules_->zone, change);
    if (moment <= oldest) break;
    latest = std::max(latest, from_civil(change.from) - milliseconds(1));
  }
  return latest;
}

Timestamp Zone::to_system(LocalTime time) const {
  if (rules_ == nullptr) return Timestamp(time.time_since_epoch());
  const absl::TimeZone::TimeInfo info = rules_->zone.At(to_civil(time));
  if (info.kind == absl::TimeZone::TimeInfo::SKIPPED) return from_absl(info.trans);
  return from_absl(info.pre) + (time - std::chrono::floor<seconds>(time));
}

bool is_known_time_zone(std::string_view name) {
  absl::TimeZone zone;
  return name == "local" || (is_utc(name) && !name.empty()) || find_zone(name, zone);
}

std::string suggest_time_zone(std::string_view name) {
  std::vector<std::string> candidates = {"UTC", "local"};
  std::vector<std::string> lower_names = {"utc", "local"};
  const std::string lower = to_lower(name);
  if (lower == "utc") return "UTC";
  require_database();
  for (const std::string& zone : zone_names()) {
    const std::string lower_zone = to_lower(zone);
    // "berlin", "Berlin", "europe/berlin": the right zone in all but its folder or its capitals.
    if (lower_zone == lower || lower_zone.substr(lower_zone.rfind('/') + 1) == lower) return zone;
    candidates.push_back(zone);
    lower_names.push_back(lower_zone);
  }
  const auto found = nearest(lower, lower_names);
  if (!found) return "";
  const auto index = std::find(lower_names.begin(), lower_names.end(), *found) - lower_names.begin();
  return candidates[static_cast<std::size_t>(index)];
}

}  // namespace changeling::schedule
