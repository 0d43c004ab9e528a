#include "triggers/timer_notice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "project/registered_repositories.hpp"
#include "store/deployment_record.hpp"
#include "support/error.hpp"
#include "triggers/tick_files.hpp"
#include "triggers/timer_backend.hpp"

namespace changeling::triggers {
namespace {

/// A timer looks once a minute; after this something is wrong with it.
constexpr Duration longest_pause = std::chrono::minutes(5);

/// As many ticks in different minutes nobody types by hand.
constexpr std::size_t regular_ticks = 3;

bool ticks_regularly(project::Project& project, Timestamp now) {
  const auto ticks = triggers::last_ticks(project.environment());
  return ticks.size() >= regular_ticks && now - ticks.back() <= 2 * longest_pause;
}

/// What the backends that are installed say; nothing where none is.
std::optional<std::vector<std::string>> problems_of_installed(project::Project& project) {
  std::optional<std::vector<std::string>> problems;
  for (const auto& make : {triggers::make_systemd_backend, triggers::make_cron_backend}) {
    try {
      const triggers::TimerState state = make(project)->state();
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
std::optional<Duration> age_of_script(project::Project& project, Timestamp now) {
  std::error_code error;
  const auto written =
      std::filesystem::last_write_time(triggers::tick_script_file(project.environment()), error);
  if (error) return std::nullopt;
  const auto time = std::chrono::file_clock::to_sys(written);
  return now - std::chrono::time_point_cast<Duration>(time);
}

}  // namespace

std::string silence_of_timer(project::Project& project) {
  const Timestamp now = project.clock().now();
  const auto ticks = triggers::last_ticks(project.environment());
  if (!ticks.empty() && now - ticks.front() > longest_pause) {
    return fmt::format("the timer last looked {}, so nothing starts: git changeling schedule status",
                       describe_relative(ticks.front(), now));
  }
  const auto age = age_of_script(project, now);
  if (ticks.size() < regular_ticks && age && *age > longest_pause)
    return "the timer is installed, and has not fired yet: git changeling schedule status";
  return "";
}

std::string timer_problem(project::Project& project) {
  std::optional<std::vector<std::string>> problems;
  if (triggers::timer_is_installed(project.environment())) problems = problems_of_installed(project);
  // Whoever calls tick in a way of their own needs no timer of ours.
  if (!problems && !ticks_regularly(project, project.clock().now()))
    return "no timer starts anything on this machine yet: git changeling schedule install";
  const auto known = project::RegisteredRepositories(project.environment()).list();
  if (std::find(known.begin(), known.end(), project.repository().common_directory()) == known.end())
    return "the timer does not know this repository: git changeling schedule install";
  if (problems && !problems->empty()) return problems->front();
  return problems ? silence_of_timer(project) : "";
}

std::string timer_problem(project::Project& project, const std::vector<ChangelingOverview>& overviews) {
  if (!project.store().exists()) return "";
  std::vector<std::string> warnings;
  const auto deployments = store::read_deployments(project.snapshot(), warnings);
  const bool any = std::any_of(overviews.begin(), overviews.end(), [&](const ChangelingOverview& overview) {
    const Definition& definition = overview.definition;
    return definition.enabled && !definition.schedule.empty() && !deployments.contains(definition.name);
  });
  return any ? timer_problem(project) : "";
}

}  // namespace changeling::triggers
