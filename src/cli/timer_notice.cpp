#include "cli/timer_notice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/registered_repositories.hpp"
#include "cli/tick_files.hpp"
#include "store/deployment_record.hpp"

namespace changeling::cli {
namespace {

/// A timer looks once a minute; a machine may have been asleep.
constexpr Duration longest_pause = std::chrono::minutes(10);

}  // namespace

std::string timer_problem(Context& context) {
  const Timestamp now = context.clock().now();
  const auto ticked = last_tick(context.environment());
  const bool lately = ticked && now - *ticked <= longest_pause;
  // Whoever calls tick in a way of their own needs no timer of ours.
  if (!timer_is_installed(context.environment()) && !lately)
    return "no timer starts anything on this machine yet: git changeling schedule install";
  const auto known = RegisteredRepositories(context.environment()).list();
  if (std::find(known.begin(), known.end(), context.repository().common_directory()) == known.end())
    return "the timer does not know this repository: git changeling schedule install";
  if (ticked && !lately) {
    return fmt::format("the timer looked last {}, so nothing starts: git changeling schedule status",
                       describe_relative(*ticked, now));
  }
  return "";
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
