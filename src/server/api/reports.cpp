// What happened in a time.
#include "report/report.hpp"

#include "server/api/handlers.hpp"
#include "server/api/moments.hpp"
#include "view/report.hpp"

namespace changeling::server::api::handlers {

Reply get_report(Call& call) {
  call.project.require_state();
  report::Order order;
  order.until = moment_at(call, "until").value_or(call.project.clock().now());
  order.since = moment_at(call, "since").value_or(order.until - std::chrono::days(7));
  order.changelings = call.words("changeling");
  return {view::to_json(call.project, report::make_report(call.project, order))};
}

}  // namespace changeling::server::api::handlers
