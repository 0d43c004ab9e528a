#include "run/runner.hpp"

#include <fmt/format.h>

#include "run/branch_remote.hpp"
#include "run/delivery.hpp"
#include "run/hand_over.hpp"
#include "run/recovery.hpp"
#include "run/run_session.hpp"
#include "run/sealed_settings.hpp"
#include "run/spending.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
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

/// Work that is not to be proposed stays here: more people may read the file than this machine. The record
/// that others know says nothing of it: how the run ends is for whoever publishes it to say.
void leave(const project::Services& services, const RunSession& session, LiveRun& live,
           const std::filesystem::path& file) {
  live.end(services.clock.now());
  HandOver hand_over{live.record(), session.text(), session.report_text()};
  if (!session.leaves_work()) {
    hand_over.record.branch.clear();
    hand_over.record.head.clear();
  }
  write_hand_over(services, hand_over, file);
  live.let_go(services);
}

/// From a record that says "running" to the finished one.
store::RunRecord lead(const project::Services& services, const Observer& observer, const RunRequest& request,
                      LiveRun& live) {
  const SealedSettings sealed(services, live.files());
  RunSession session(services, observer, request, live);
  session.carry_out();
  session.clean_up();
  note_waiting(services, live.record());
  if (observer.on_step) observer.on_step(Step::Record);
  if (!request.hand_over.empty()) {
    session.announce_end();
    leave(services, session, live, request.hand_over);
    return live.record();
  }
  live.finish(services);
  if (live.record().pull_request || !live.record().report_url.empty()) settle(services, request.run_id);
  session.announce_end();
  return live.record();
}

/// What is decided before a run begins, with everything in order that killed ones left.
std::variant<LiveRun, Skipped> begin(const project::Services& services, const Observer& observer,
                                     const RunRequest& request, bool only_published) {
  // Named before anything is recorded or has cost something.
  static_cast<void>(branch_remote(services));
  if (is_unattended(request.trigger) && !request.definition.enabled)
    return Skipped{
        fmt::format("{0} is disabled; enable it: git changeling enable {0}", request.definition.name)};
  if (observer.on_step) observer.on_step(Step::Begin);
  recover_dead_runs(services, observer);
  finish_lost_runs(services, observer);
  const StartTerms terms{request.definition.overlap, request.definition.daily_budget_usd, only_published};
  return LiveRun::begin(services, observer, first_record(services, request), terms);
}

}  // namespace

std::string new_run_id() {
  return random_id(8);
}

std::variant<store::RunRecord, Skipped> execute_run(const project::Services& services,
                                                    const Observer& observer, const RunRequest& request) {
  auto begun = begin(services, observer, request, request.scheduled_for.has_value());
  if (auto* skipped = std::get_if<Skipped>(&begun)) return std::move(*skipped);
  return lead(services, observer, request, std::get<LiveRun>(begun));
}

std::variant<store::RunRecord, Skipped> begin_run(const project::Services& services, const Observer& observer,
                                                  const RunRequest& request) {
  // Whoever carries it out can learn of it from the remote only.
  auto begun = begin(services, observer, request, true);
  if (auto* skipped = std::get_if<Skipped>(&begun)) return std::move(*skipped);
  LiveRun& live = std::get<LiveRun>(begun);
  live.leave(services);
  return live.record();
}

store::RunRecord execute_begun_run(const project::Services& services, const Observer& observer,
                                   const RunRequest& request) {
  store::RunRecord record = find_begun_run(services, request.run_id);
  if (record.changeling != request.definition.name) {
    throw Error(ErrorKind::Refused, fmt::format("run {} is one of {}", record.id, record.changeling),
                fmt::format("git changeling run {} --id {} --hand-over FILE", record.changeling, record.id));
  }
  if (record.status != store::RunStatus::Running) {
    throw Error(ErrorKind::Refused, fmt::format("run {} has ended", record.id),
                fmt::format("begin another one: git changeling run {} --begin", record.changeling));
  }
  LiveRun live = LiveRun::adopt(services, std::move(record));
  if (live.is_taken_over()) {
    live.leave(services);
    throw Error(ErrorKind::Refused, fmt::format("another run took over from run {}", request.run_id),
                "see which: git changeling runs list");
  }
  return lead(services, observer, request, live);
}

store::RunRecord find_begun_run(const project::Services& services, const std::string& run_id) {
  if (auto record = store::read_run(services.store.snapshot(), run_id)) return std::move(*record);
  throw Error(ErrorKind::NotFound, fmt::format("there is no run {} that was begun", run_id),
              "begin one: git changeling run NAME --begin; it prints the id");
}

}  // namespace changeling::run
