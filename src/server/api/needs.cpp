#include "view/needs.hpp"

#include "server/api/handlers.hpp"

namespace changeling::server::api::handlers {

Reply list_needs(Call& call) {
  call.project.require_state();
  Json list = Json::array();
  for (const view::Need& need : view::read_needs(call.project, view::ScheduleKeeper::Caller))
    list.push_back(view::to_json(need));
  return {{{"needs", std::move(list)}}};
}

}  // namespace changeling::server::api::handlers
