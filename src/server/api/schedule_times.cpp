// When a schedule would come, before anything is written: forms show it while it is typed.
#include "project/spread.hpp"
#include "schedule/local_time.hpp"
#include "server/api/handlers.hpp"

namespace changeling::server::api::handlers {
namespace {

constexpr int shown_times = 3;

Json next_times(const schedule::CronExpression& expression, Timestamp now, const std::string& time_zone) {
  Json times = Json::array();
  Json local_times = Json::array();
  std::optional<Timestamp> last = now;
  while (times.size() < shown_times && (last = expression.next(*last, time_zone))) {
    times.push_back(format_timestamp(*last));
    local_times.push_back(schedule::local_date_and_time(*last, time_zone));
  }
  return {
      {"schedule", expression.text()}, {"times", std::move(times)}, {"local_times", std::move(local_times)}};
}

}  // namespace

Reply list_schedule_times(Call& call) {
  Definition definition;
  definition.name = call.text("changeling");
  definition.schedule = call.text("schedule");
  definition.timezone = call.text("timezone");
  const schedule::CronExpression expression = project::schedule_of(call.project, definition);
  return {next_times(expression, call.project.clock().now(),
                     definition.timezone.empty() ? "UTC" : definition.timezone)};
}

}  // namespace changeling::server::api::handlers
