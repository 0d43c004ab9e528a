#include "cli/timer_notice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/registered_repositories.hpp"
#include "cli/tick_files.hpp"
#include "cli/timer_backend.hpp"
#include "store/deployment_record.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

/// A timer looks once a minute; after this something is wrong with it.
constexpr Duration longest_pause = std::chrono::minutes(5);

/// As many ticks in different minutes nobody types by hand.
constexpr std::size_t regular_ticks = 3;

bool ticks_regularly(Context& context, Timestamp now) {
  const auto ticks = last_ticks(context.environment());
  return ticks.size() >= regular_ticks && now - ticks.back() <= 2 * longest_pause;
}

/// What the backends that are installed say; nothing where none is.
std::optional<std::vector<std::string>> problems_of_installed(Context& context) {
  std::optional<std::vector<std::string>> problems;
  for (const auto& make : {make_systemd_backend, make_cron_backend}) {
    try {
      const TimerState state = make(context)->state();
      if (!state.installed) continue;
      // One that fires is enough.
      if (!problems || state.problems.empty()) problems = state.problems;
    } catch (const Error& error) {
      if (!problems) problems = std::vector<std::string>{error.what()};
    }
  }
  return problems;
}

/// Since when the script of the timer has been there.
std::optional<Duration> age_of_script(Context& context, Timestamp now) {
  std::error_code error;
  const auto written = std::filesystem::last_write_time(tick_script_file(context.environment()), error);
  if (error) return std::nullopt;
  const auto time = std::chrono::file_clock::to_sys(written);
  return now - std::chrono::time_point_cast<Duration>(time);
}

}  // namespace

std::string silence_of_timer(Context& context) {
  const Timestamp now = context.clock().now();
  const auto ticks = last_ticks(context.environment());
  if (!ticks.empty() && now - ticks.front() > longest_pause) {
    return fmt::format("the timer last looked {}, so nothing starts: git changeling schedule status",
                       describe_relative(ticks.front(), now));
  }
  const auto age = age_of_script(context, now);
  if (ticks.size() < regular_ticks && age && *age > longest_pause)
    return "the timer is installed, and has not fired yet: git changeling schedule status";
  return "";
}

std::string timer_problem(Context& context) {
  std::optional<std::vector<std::string>> problems;
  if (timer_is_installed(context.environment())) problems = problems_of_installed(context);
  // Whoever calls tick in a way of their own needs no timer of ours.
  if (!problems && !ticks_regularly(context, context.clock().now()))
    return "no timer starts anything on this machine yet: git changeling schedule install";
  const auto known = RegisteredRepositories(context.environment()).list();
  if (std::find(known.begin(), known.end(), context.repository().common_directory()) == known.end())
    return "the timer does not know this repository: git changeling schedule install";
  if (problems && !problems->empty()) return problems->front();
  return problems ? silence_of_timer(context) : "";
}

std::string timer_problem(Context& context, const std::vector<ChangelingOverview>& overviews) {
  if (!context.store().exists()) return "";
  std::vector<std::string> warnings;
  const auto deployments = store::read_deployments(context.snapshot(), warnings);
  const bool any = std::any_of(overviews.begin(), overviews.end(), [&](const ChangelingOverview& overview) {
    const Definition& definition = overview.definition;
    return definition.enabled && !definition.schedule.empty() && !deployments.contains(definition.name);
  });
  return any ? timer_problem(context) : "";
}

}  // namespace changeling::cli
