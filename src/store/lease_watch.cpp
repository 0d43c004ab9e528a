#include "store/lease_watch.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <optional>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::store {
namespace {

constexpr auto patience = std::chrono::seconds(2);
/// Nobody asks for a lease again that ended long ago.
constexpr std::int64_t kept_ms = std::chrono::milliseconds(std::chrono::hours(48)).count();
/// /proc/uptime counts in steps of ten milliseconds.
constexpr std::int64_t slack_ms = 50;

/// Since when this machine runs, and which start of it that was. From files: tools that change the time for
/// one program change the calls for it.
struct Uptime {
  std::string boot;
  std::int64_t milliseconds = 0;
};

Uptime read_uptime() {
  const std::string text = read_regular_file("/proc/uptime", 64).value_or("");
  const std::string boot = read_regular_file("/proc/sys/kernel/random/boot_id", 64).value_or("");
  return {std::string(trim(boot)), static_cast<std::int64_t>(std::strtod(text.c_str(), nullptr) * 1000)};
}

struct Entry {
  std::int64_t over_at = 0;  ///< By Uptime.
  bool given = false;        ///< By this machine itself.
};

std::optional<Entry> entry_of(const Json& all, const std::string& key) {
  const auto found = all.find(key);
  if (found == all.end() || !found->is_object()) return std::nullopt;
  return Entry{json_integer(*found, "over_at").value_or(0), json_bool(*found, "given").value_or(false)};
}

/// The entries of this start of the machine; what it gave before is remembered without a time.
Json read_entries(const std::filesystem::path& file, const Uptime& uptime) {
  try {
    const auto text = read_file_if_exists(file);
    Json stored = text ? parse_json(*text, file.string()) : Json::object();
    Json entries = stored.value("leases", Json::object());
    if (!entries.is_object()) return Json::object();
    if (json_string(stored, "boot") == uptime.boot) return entries;
    Json given = Json::object();
    for (const auto& [key, entry] : entries.items()) {
      // Whoever held it here has ended with that start; our clock decides.
      if (entry_of(entries, key).value_or(Entry{}).given) given[key] = {{"over_at", 0}, {"given", true}};
    }
    return given;
  } catch (const std::exception&) {
    return Json::object();
  }
}

void write_entry(const std::filesystem::path& file, const Uptime& uptime, const std::string& key,
                 const Entry& entry) {
  const auto lock = FileLock::acquire(file.string() + ".lock", patience);
  Json entries = read_entries(file, uptime);
  for (auto one = entries.begin(); one != entries.end();) {
    const bool old = entry_of(entries, one.key()).value_or(Entry{}).over_at < uptime.milliseconds - kept_ms;
    one = old ? entries.erase(one) : std::next(one);
  }
  entries[key] = {{"over_at", entry.over_at}, {"given", entry.given}};
  // Of another start of the machine nothing counts but what it gave itself, which then ends by the clock.
  write_file(file, Json{{"boot", uptime.boot}, {"leases", entries}}.dump() + "\n", Outlives::Process);
}

/// FNV-1a; the same in every build.
std::uint32_t hash_of(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
  return hash;
}

}  // namespace

std::filesystem::path LeaseWatch::file_of(std::string_view key) const {
  return folder_ / fmt::format("{:02x}.json", hash_of(key) % 256);
}

void LeaseWatch::given(const Lease& lease, Timestamp now) const {
  const Uptime uptime = read_uptime();
  try {
    write_entry(file_of(lease.key), uptime, lease.key,
                {uptime.milliseconds + (lease.ends_at - now).count(), true});
  } catch (const Error&) {
    // Then it is watched like that of another machine.
  }
}

bool LeaseWatch::is_over(const Lease& lease, Timestamp now) const {
  const bool by_clock = now > lease.ends_at;
  const Uptime uptime = read_uptime();
  const auto file = file_of(lease.key);
  const auto entry = entry_of(read_entries(file, uptime), lease.key);
  if (!entry) {
    const Duration length = std::max(lease.length, Duration(0));
    try {
      write_entry(file, uptime, lease.key, {uptime.milliseconds + length.count(), false});
    } catch (const Error&) {
      return by_clock && now - lease.ends_at > doubt;
    }
    return by_clock && (length == Duration(0) || now - lease.ends_at > doubt);
  }
  const bool seen_long_enough = uptime.milliseconds + slack_ms >= entry->over_at;
  return by_clock && (seen_long_enough || (!entry->given && now - lease.ends_at > doubt));
}

}  // namespace changeling::store
