// What is done to runs: they are started, stopped, tried again, and their agents are spoken to.
#include <fmt/format.h>

#include "project/run_lookup.hpp"
#include "run/agent_message.hpp"
#include "run/retry.hpp"
#include "run/start.hpp"
#include "run/stopping.hpp"
#include "server/api/handlers.hpp"
#include "server/api/runs.hpp"
#include "server/api/session_ledger.hpp"
#include "support/text.hpp"

namespace changeling::server::api {
namespace {

/// A worker of the service waits so long for the run's leader, which does not look up while git pushes.
constexpr auto message_patience = std::chrono::seconds(10);

store::RunRecord named_run(Call& call) {
  call.project.require_state();
  return project::find_run(call.project, call.at("run"));
}

store::RunRecord run_under_way(Call& call) {
  store::RunRecord run = named_run(call);
  if (run.status == store::RunStatus::Running) return run;
  throw Error(
      ErrorKind::Refused,
      fmt::format("run {} has ended already: {}", run.id, store::run_state(run, call.project.clock().now())),
      "see what it did: GET runs/" + run.id);
}

/// It goes on; `location` leads from the request's path to it.
Reply accepted(Call& call, const std::string& run, const std::string& location) {
  Reply reply{run_json(call.project, project::find_run(call.project, run))};
  reply.status = 202;
  reply.headers["location"] = location + run;
  return reply;
}

/// The run has begun, whatever becomes of this.
void note_session(Call& call, const std::string& run) {
  if (call.request.caller.session.empty()) return;
  const auto file = ledger_file(call.project.places().local_folder());
  try {
    SessionLedger(file).note(call.request.caller.session, run, call.project.clock().now());
  } catch (const std::exception& error) {
    call.project.message(fmt::format("warning: {}: {}", file.string(), error.what()));
  }
}

Reply start_in_background(Call& call, run::RunOrder order, const std::string& location) {
  order.detach = true;
  order.marks = marks_of(call.request.caller);
  const auto result = run::start(call.project, order);
  if (const auto* refused = std::get_if<run::NotTrusted>(&result))
    throw project::not_trusted(refused->standing);
  if (const auto* skipped = std::get_if<run::Skipped>(&result))
    throw Error(ErrorKind::Refused, "not started: " + skipped->reason);
  const std::string& started = std::get<run::Started>(result).run;
  note_session(call, started);
  return accepted(call, started, location);
}

/// "Ada (session phone-1)"
std::string sender_of(Call& call) {
  return fmt::format("{} (session {})", call.project.store().actor().name, call.request.caller.session);
}

}  // namespace

namespace handlers {

Reply start_run(Call& call) {
  call.project.require_state();
  run::RunOrder order;
  order.changeling = call.at("changeling");
  return start_in_background(call, std::move(order), "../../runs/");
}

Reply retry_run(Call& call) {
  return start_in_background(call, run::order_to_retry(call.project, named_run(call)), "../");
}

Reply stop_run(Call& call) {
  const store::RunRecord run = run_under_way(call);
  run::ask_to_stop(call.project, run);
  return accepted(call, run.id, "../");
}

Reply send_message(Call& call) {
  const std::string text = valid_utf8(call.given("text"));
  run::check_agent_message(text);
  store::RunRecord run = run_under_way(call);
  const auto sent = run::send_to_agent(call.project, run, text, sender_of(call), message_patience);
  if (!sent.delivered)
    throw Error(ErrorKind::Refused, fmt::format("not sent to {}: {}", run.id, sent.reason));
  Reply reply{{{"run", run.id}, {"queued", sent.queued}}};
  reply.status = 202;
  return reply;
}

Reply answer_question(Call& call) {
  const std::string text = valid_utf8(call.given("text"));
  const auto question = json_integer(call.body, "question").value_or(0);
  store::RunRecord run = run_under_way(call);
  const auto answer = run::answer_agent(call.project, run, static_cast<int>(question), text, sender_of(call),
                                        message_patience);
  Reply reply{{{"run", run.id}, {"read", answer.read}}};
  reply.status = 202;
  return reply;
}

}  // namespace handlers
}  // namespace changeling::server::api
