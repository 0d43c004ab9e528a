#include "work/sync.hpp"

#include "server/api/handlers.hpp"
#include "view/sync.hpp"

namespace changeling::server::api {
namespace {

/// Below what a request may take by default (serve --request-limit).
constexpr auto time_limit = std::chrono::seconds(20);

}  // namespace

namespace handlers {

Reply sync_state(Call& call) {
  const std::string remote = work::remote_to_sync(call.project, call.given("remote"));
  return {view::to_json(work::sync(call.project, remote, time_limit))};
}

}  // namespace handlers
}  // namespace changeling::server::api
