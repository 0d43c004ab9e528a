#include "project/undo.hpp"

#include <fmt/format.h>

#include "server/api/handlers.hpp"
#include "view/operation.hpp"

namespace changeling::server::api {
namespace {

/// Whoever takes back what somebody else did should mean to.
void require_meant(const Call& call, const store::OperationRecord& operation) {
  const bool meant = json_bool(call.body, "of_others").value_or(false);
  if (meant || !store::is_of_somebody_else(call.project.store(), operation)) return;
  throw Error(ErrorKind::Refused,
              fmt::format("this takes back what {} did: {}",
                          operation.actor.substr(0, operation.actor.find(" <")), operation.subject),
              "send of_others: true if you mean to");
}

}  // namespace

namespace handlers {

Reply undo_operation(Call& call) {
  call.project.require_state();
  const store::OperationRecord operation = store::operation_to_undo(
      call.project.store(), call.project.repository(), call.project.tasks(), call.at("operation"));
  require_meant(call, operation);
  const store::Undone undone = project::take_back(call.project, operation);
  return {{{"undone", view::to_json(undone.operation)}, {"operation", view::to_json(undone.by)}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
