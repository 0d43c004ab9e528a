#include "triggers/plan.hpp"

#include <algorithm>

#include "project/spread.hpp"
#include "schedule/local_time.hpp"
#include "triggers/due_changelings.hpp"

namespace changeling::triggers {
namespace {

/// Every minute for a month.
constexpr std::size_t most_times = 45000;

std::string obstacle_at(const triggers::DueChangeling& due, Timestamp time) {
  if (!due.standing_obstacle.empty() || due.barrier.empty()) return due.standing_obstacle;
  return !due.barrier_until || time < *due.barrier_until ? due.barrier : "";
}

/// A time that came during a pause is made up for at its end, which no schedule names.
void add_end_of_barrier(const triggers::DueChangeling& due, Timestamp from, Timestamp until,
                        std::vector<Timestamp>& times) {
  if (!due.next_start || due.next_start != due.barrier_until) return;
  if (*due.next_start <= from || *due.next_start > until) return;
  const auto place = std::lower_bound(times.begin(), times.end(), *due.next_start);
  if (place == times.end() || *place != *due.next_start) times.insert(place, *due.next_start);
}

}  // namespace

void PlannedSum::add(const PlannedRuns& planned) {
  // What does not start costs nothing.
  if (!planned.obstacle.empty()) return;
  runs += planned.times.size();
  const auto count = static_cast<std::int64_t>(planned.times.size());
  duration += planned.expected.duration.value_or(Duration(0)) * count;
  cost_usd += planned.expected.cost_usd.value_or(0) * static_cast<double>(count);
  cost_known = cost_known && planned.expected.cost_usd;
}

std::vector<PlannedRuns> plan_repository(project::Project& project, Timestamp from, Timestamp until) {
  if (!project.store().exists()) return {};
  std::vector<PlannedRuns> planned;
  for (const triggers::DueChangeling& due : triggers::judge_schedules(project, from)) {
    const Definition& definition = due.definition;
    // Without a next time: disabled, or not readable.
    if (!due.decision.next) continue;
    PlannedRuns pattern;
    pattern.repository = project.repository().common_directory().string();
    pattern.repository_name = project.repository().display_name();
    pattern.changeling = definition.name;
    pattern.timezone = definition.timezone;
    pattern.expected = triggers::expect_run(project.run_index(), definition.name);
    auto times =
        project::schedule_of(project, definition).between(from, until, definition.timezone, most_times);
    add_end_of_barrier(due, from, until, times);
    for (const Timestamp time : times) {
      std::string date = schedule::local_date(time, "local");
      pattern.obstacle = obstacle_at(due, time);
      if (planned.empty() || planned.back().changeling != definition.name || planned.back().date != date ||
          planned.back().obstacle != pattern.obstacle) {
        planned.push_back(pattern);
        planned.back().date = std::move(date);
      }
      planned.back().times.push_back(time);
    }
  }
  std::stable_sort(planned.begin(), planned.end(), [](const PlannedRuns& one, const PlannedRuns& two) {
    return std::tie(one.date, one.times.front()) < std::tie(two.date, two.times.front());
  });
  return planned;
}

}  // namespace changeling::triggers
