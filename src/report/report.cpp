#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "project/definitions.hpp"
#include "project/run_lookup.hpp"
#include "run/request_states.hpp"
#include "schedule/local_time.hpp"
#include "store/record_index.hpp"
#include "support/error.hpp"

namespace changeling::report {
namespace {

constexpr std::size_t most_listed = 30;

void check(const Order& order) {
  if (order.until <= order.since) {
    throw Error(
        ErrorKind::Usage,
        fmt::format("{} is not before {}", format_timestamp(order.since), format_timestamp(order.until)),
        "for example: git changeling report --since 7d");
  }
  if (order.until - order.since > longest_period) {
    throw Error(ErrorKind::Usage, fmt::format("a report covers at most {} days", longest_period.count()),
                "name the end, too: --until DATE");
  }
}

/// Each day of the period by this machine's clock, the last one only as far as it has begun.
std::vector<std::string> days_of(const Order& order) {
  std::set<std::string> days;
  // Twelve hours at a time meet every day, also the short one when clocks are put forward.
  for (Timestamp time = order.since; time < order.until; time += std::chrono::hours(12))
    days.insert(schedule::local_date(time, "local"));
  days.insert(schedule::local_date(order.until - Duration(1), "local"));
  return {days.begin(), days.end()};
}

/// The newest runs that a condition holds for.
std::vector<store::RunRecord> newest_runs(project::Project& project, const Order& order,
                                          const store::RunQuery& condition) {
  std::vector<store::RunRecord> runs;
  const std::vector<std::string> all{""};
  for (const std::string& name : order.changelings.empty() ? all : order.changelings) {
    store::RunQuery query = condition;
    query.changeling = name;
    query.since = order.since;
    query.until = order.until;
    query.limit = most_listed;
    for (store::RunRecord& run : project.run_index().page(query)) runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<store::RunRecord> sorted(std::vector<store::RunRecord> runs) {
  std::sort(runs.begin(), runs.end(), [](const store::RunRecord& one, const store::RunRecord& two) {
    return std::tie(two.started_at, two.id) < std::tie(one.started_at, one.id);
  });
  if (runs.size() > most_listed) runs.resize(most_listed);
  return runs;
}

std::vector<store::RunRecord> results_of(project::Project& project, const Order& order) {
  std::vector<store::RunRecord> runs;
  for (const store::Outcome outcome :
       {store::Outcome::OpenedPr, store::Outcome::UpdatedPr, store::Outcome::Reported}) {
    store::RunQuery query;
    query.outcome = outcome;
    for (store::RunRecord& run : newest_runs(project, order, query)) runs.push_back(std::move(run));
  }
  runs = sorted(std::move(runs));
  run::fill_request_states(project, runs);
  return runs;
}

std::vector<store::RunRecord> failures_of(project::Project& project, const Order& order) {
  store::RunQuery query;
  query.failed = true;
  return sorted(newest_runs(project, order, query));
}

/// A changeling of today tells what it may spend; one that is gone, or a role, does not.
void fill_caps(const project::DefinitionSet& set, std::vector<ChangelingTotals>& changelings) {
  const auto names = set.names();
  for (ChangelingTotals& changeling : changelings) {
    if (std::find(names.begin(), names.end(), changeling.name) == names.end()) continue;
    try {
      const double cap = set.resolve(changeling.name).definition.daily_budget_usd;
      if (cap > 0) changeling.daily_cap_usd = cap;
    } catch (const Error&) {
      // What is wrong with it is said where it waits for its user.
    }
  }
}

AllTotals totals_of(project::Project& project, const Order& order) {
  store::RecordIndex index(project.store(), project.places().index_file());
  index.follow();
  const auto sums = run_sums(index, {order.since, order.until, order.changelings});
  return add_up(sums, days_of(order));
}

std::vector<Need> needs_of(project::Project& project, const Order& order) {
  std::vector<Need> needs = read_needs(project, ScheduleKeeper::Timer).needs;
  const auto& wanted = order.changelings;
  if (wanted.empty()) return needs;
  std::erase_if(needs, [&](const Need& need) {
    return std::find(wanted.begin(), wanted.end(), need.changeling) == wanted.end();
  });
  return needs;
}

}  // namespace

Report make_report(project::Project& project, const Order& order) {
  check(order);
  project.current_runs();
  for (const std::string& name : order.changelings) project::require_name_of_runs(project, name);
  Report report;
  report.repository = project.repository().display_name();
  report.order = order;
  report.made_at = project.clock().now();
  report.totals = totals_of(project, order);
  const auto set =
      project::DefinitionSet::load(project, project::FileReading::WorkTree, project::FileMistake::Said);
  fill_caps(set, report.totals.changelings);
  report.results = results_of(project, order);
  report.failures = failures_of(project, order);
  report.waiting = needs_of(project, order);
  report.caps = project::start_limits(project.repository()).caps;
  return report;
}

}  // namespace changeling::report
