#include "view/needs.hpp"

#include "server/api/handlers.hpp"

namespace changeling::server::api::handlers {

Reply list_needs(Call& call) {
  call.project.require_state();
  return {view::to_json(report::read_needs(call.project, report::ScheduleKeeper::Caller))};
}

}  // namespace changeling::server::api::handlers
