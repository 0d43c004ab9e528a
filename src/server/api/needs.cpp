#include "view/needs.hpp"

#include "server/api/handlers.hpp"

namespace changeling::server::api::handlers {

Reply list_needs(Call& call) {
  call.project.require_state();
  Json list = Json::array();
  for (const report::Need& need : report::read_needs(call.project, report::ScheduleKeeper::Caller))
    list.push_back(view::to_json(need));
  return {{{"needs", std::move(list)}}};
}

}  // namespace changeling::server::api::handlers
