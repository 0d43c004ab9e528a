// When a schedule would come, before anything is written: forms show it while it is typed.
#include "project/spread.hpp"
#include "server/api/handlers.hpp"

namespace changeling::server::api::handlers {
namespace {

constexpr int shown_times = 3;

Json next_times(const schedule::CronExpression& expression, Timestamp now, const std::string& time_zone) {
  Json list = Json::array();
  std::optional<Timestamp> last = now;
  while (list.size() < shown_times && (last = expression.next(*last, time_zone)))
    list.push_back(format_timestamp(*last));
  return list;
}

}  // namespace

Reply list_schedule_times(Call& call) {
  Definition definition;
  definition.name = call.text("changeling");
  definition.schedule = call.text("schedule");
  definition.timezone = call.text("timezone");
  const schedule::CronExpression expression = project::schedule_of(call.project, definition);
  return {{{"schedule", expression.text()},
           {"times", next_times(expression, call.project.clock().now(),
                                definition.timezone.empty() ? "UTC" : definition.timezone)}}};
}

}  // namespace changeling::server::api::handlers
