#include "view/needs.hpp"

#include "project/notices.hpp"
#include "server/api/handlers.hpp"

namespace changeling::server::api::handlers {

Reply list_needs(Call& call) {
  call.project.require_state();
  return {view::to_json(report::read_needs(call.project, report::ScheduleKeeper::Caller))};
}

Reply retry_notifications(Call& call) {
  Reply reply{{{"trying", project::retry_notices(call.project)}}};
  reply.status = 202;
  return reply;
}

}  // namespace changeling::server::api::handlers
