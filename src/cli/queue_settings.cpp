#include "cli/queue_settings.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "support/error.hpp"

namespace changeling::cli {
namespace {

constexpr Duration default_lease = std::chrono::minutes(30);
constexpr Duration shortest_lease = std::chrono::seconds(1);

std::string user_name(const Environment& environment) {
  for (const char* name : {"LOGNAME", "USER"}) {
    if (const auto value = environment.get(name); value && !value->empty()) return *value;
  }
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr ? std::to_string(::getuid()) : entry->pw_name;
}

std::string worker_name(const Environment& environment) {
  if (const auto name = environment.get("CHANGELING_WORKER"); name && !name->empty()) return *name;
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) != 0) return user_name(environment);
  return fmt::format("{}@{}", user_name(environment), host);
}

Duration checked_lease(const std::string& text, ErrorKind kind, std::string_view place) {
  try {
    const Duration lease = parse_duration(text);
    if (lease >= shortest_lease) return lease;
  } catch (const Error& error) {
    throw Error(kind, fmt::format("{}: {}", place, error.what()), error.hint());
  }
  throw Error(kind, fmt::format("{}: '{}' is shorter than a second", place, text), "for example 30m");
}

}  // namespace

QueueSettings queue_settings(Context& context) {
  QueueSettings settings;
  settings.worker = worker_name(context.environment());
  const auto lease = context.repository().config("changeling.lease");
  settings.lease = lease ? checked_lease(*lease, ErrorKind::Invalid, "changeling.lease") : default_lease;
  if (const auto attempts = context.repository().config_integer("changeling.maxAttempts")) {
    if (*attempts < 0) {
      throw Error(ErrorKind::Invalid, fmt::format("changeling.maxAttempts: {} is negative", *attempts),
                  "0 switches the limit off");
    }
    settings.most_attempts = *attempts;
  }
  return settings;
}

Duration parse_lease(const std::string& text) {
  return checked_lease(text, ErrorKind::Usage, "--lease");
}

}  // namespace changeling::cli
