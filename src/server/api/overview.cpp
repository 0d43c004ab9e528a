// What concerns the repository as a whole.
#include <span>

#include "project/halt.hpp"
#include "project/task_writing.hpp"
#include "server/api/cursor.hpp"
#include "server/api/handlers.hpp"
#include "server/api/moments.hpp"
#include "store/halt_record.hpp"
#include "store/history.hpp"
#include "support/embedded_file.hpp"
#include "triggers/plan.hpp"
#include "triggers/timer_notice.hpp"
#include "view/halt.hpp"
#include "view/machine.hpp"
#include "view/machines.hpp"
#include "view/operation.hpp"
#include "view/outbox.hpp"
#include "view/plan.hpp"
#include "view/status.hpp"
#include "work/recovery.hpp"

namespace changeling {
std::span<const EmbeddedFile> embedded_description();
}

namespace changeling::server::api {
namespace {

store::HistoryQuery query_of(Call& call) {
  store::HistoryQuery query;
  query.changeling = call.text("changeling");
  query.run = call.text("run");
  query.since = moment_at(call, "since");
  const std::string task = call.text("task");
  if (!task.empty()) query.task = project::full_task_id(call.project, task);
  return query;
}

/// Where a page of the history begins: a tip, and how many operations from there on were seen. What comes
/// meanwhile lies before the tip.
struct HistoryPlace {
  git::ObjectId tip;
  std::size_t seen = 0;
};

HistoryPlace place_of(Call& call) {
  const Json place = read_cursor(call);
  const store::Snapshot snapshot = call.project.snapshot();
  if (place.is_null()) return {*snapshot.commit(), 0};
  const git::ObjectId tip = git::ObjectId::from_hex(place.at(0).get<std::string>());
  if (!call.project.repository().has_object(tip))
    throw Refusal(400, ErrorKind::Usage, "cursor: the history that it belongs to is gone",
                  "begin without one");
  return {tip, place.at(1).get<std::size_t>()};
}

std::string halt_path() {
  return std::string(store::halt_path);
}

Reply halt_reply(Call& call) {
  std::string record = record_at(call.project, halt_path());
  const auto halt =
      project::find_halt(call.project.repository(), call.project.places(), call.project.snapshot());
  return {{{"halt", view::to_json(halt)}}, std::move(record)};
}

}  // namespace

namespace handlers {

Reply get_description(Call&) {
  return {Json::parse(embedded_description().front().content)};
}

Reply get_status(Call& call) {
  call.project.require_state();
  return {view::to_json(call.project, view::read_status(call.project, work::current_sessions(call.project)))};
}

Reply get_machine(Call& call) {
  return {view::machine_json(call.project)};
}

Reply list_machines(Call& call) {
  call.project.require_state();
  return {{{"machines", view::machines_json(call.project)}}};
}

Reply get_plan(Call& call) {
  call.project.require_state();
  const Timestamp from = call.project.clock().now();
  const Timestamp until = from + std::chrono::days(call.number("days"));
  Json json = view::to_json(triggers::plan_repository(call.project, from, until), from, until);
  const std::string timer = triggers::timer_problem(call.project);
  json["timer_problem"] = timer.empty() ? Json(nullptr) : Json(timer);
  return {std::move(json)};
}

Reply list_operations(Call& call) {
  call.project.require_state();
  store::HistoryQuery query = query_of(call);
  const HistoryPlace place = place_of(call);
  const std::size_t end = place.seen + call.limit();
  query.limit = end + 1;
  auto operations = store::read_history(call.project.repository(), place.tip, query);
  const bool more = operations.size() > end;
  if (more) operations.erase(operations.begin() + static_cast<std::ptrdiff_t>(end), operations.end());
  Json list = Json::array();
  for (std::size_t index = place.seen; index < operations.size(); ++index)
    list.push_back(view::to_json(operations[index]));
  return {{{"operations", std::move(list)},
           {"next_cursor", more ? Json(make_cursor(call, {place.tip.hex(), end})) : Json(nullptr)}}};
}

Reply get_halt(Call& call) {
  call.project.require_state();
  return halt_reply(call);
}

Reply set_halt(Call& call) {
  call.project.require_state();
  expect_file(call, halt_path());
  project::switch_off(call.project, call.given("reason"));
  return halt_reply(call);
}

Reply clear_halt(Call& call) {
  call.project.require_state();
  expect_file(call, halt_path());
  project::switch_on(call.project);
  return halt_reply(call);
}

Reply list_outbox(Call& call) {
  Json list = Json::array();
  for (const project::OutboxEntry& entry : call.project.places().outbox().entries())
    list.push_back(view::to_json(entry));
  return {{{"outbox", std::move(list)}}};
}

}  // namespace handlers
}  // namespace changeling::server::api
