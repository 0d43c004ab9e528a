#include "run/runner.hpp"

#include "run/branch_remote.hpp"
#include "run/delivery.hpp"
#include "run/recovery.hpp"
#include "run/run_session.hpp"
#include "run/sealed_settings.hpp"
#include "run/spending.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

store::RunRecord first_record(const project::Services& services, const RunRequest& request) {
  store::RunRecord record;
  record.id = request.run_id;
  record.changeling = request.definition.name;
  record.trigger = request.trigger;
  record.scheduled_for = request.scheduled_for;
  record.agent = request.agent.name;
  record.started_at = services.clock.now();
  record.expires_at = store::run_expiry(record.started_at, request.definition.timeout);
  record.host = services.host;
  record.actor = services.store.actor().name + " <" + services.store.actor().email + ">";
  record.retry_of = request.retry_of;
  record.task = request.task;
  services.runs.follow();
  record.reserved_usd = reservation(request.definition, services.runs);
  record.overrides = request.overrides;
  return record;
}

/// What waits in the outbox is done; the changeling has not failed.
void note_waiting(const project::Services& services, store::RunRecord& record) {
  if (services.places.outbox().has(record.id) && record.outcome == store::Outcome::Failed)
    record.outage = true;
}

}  // namespace

std::string new_run_id() {
  return random_id(8);
}

std::variant<store::RunRecord, Skipped> execute_run(const project::Services& services,
                                                    const Observer& observer, const RunRequest& request) {
  // Named before anything is recorded or has cost something.
  static_cast<void>(branch_remote(services));
  if (observer.on_step) observer.on_step(Step::Begin);
  recover_dead_runs(services, observer);
  finish_lost_runs(services, observer);
  const StartTerms terms{request.definition.overlap, request.definition.daily_budget_usd,
                         request.scheduled_for.has_value()};
  auto begun = LiveRun::begin(services, observer, first_record(services, request), terms);
  if (auto* skipped = std::get_if<Skipped>(&begun)) return std::move(*skipped);
  LiveRun& live = std::get<LiveRun>(begun);
  const SealedSettings sealed(services, live.files());
  RunSession session(services, observer, request, live);
  session.carry_out();
  session.clean_up();
  note_waiting(services, live.record());
  if (observer.on_step) observer.on_step(Step::Record);
  live.finish(services);
  if (live.record().pull_request || !live.record().report_url.empty()) settle(services, request.run_id);
  session.announce_end();
  return live.record();
}

}  // namespace changeling::run
