#include "project/queue_settings.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "project/settings.hpp"
#include "support/error.hpp"

namespace changeling::project {
namespace {

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

}  // namespace

QueueSettings queue_settings(Project& project) {
  QueueSettings settings;
  settings.worker = worker_name(project.environment());
  settings.lease = duration_setting(project.repository(), "changeling.lease");
  settings.most_attempts = number_setting(project.repository(), "changeling.maxAttempts");
  return settings;
}

Duration parse_lease(const std::string& text) {
  try {
    const Duration lease = parse_duration(text);
    if (lease >= shortest_lease) return lease;
  } catch (const Error& error) {
    throw Error(ErrorKind::Usage, fmt::format("--lease: {}", error.what()), error.hint());
  }
  throw Error(ErrorKind::Usage, fmt::format("--lease: '{}' is shorter than a second", text),
              "for example 30m");
}

}  // namespace changeling::project
