#include "work/recovery.hpp"

#include <fmt/format.h>

#include "project/queue_settings.hpp"
#include "run/live_run.hpp"
#include "run/recovery.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "work/queue_source.hpp"
#include "work/session.hpp"
#include "work/source_kinds.hpp"
#include "work/task_run.hpp"

namespace changeling::work {
namespace {

TaskResult killed_result(const SessionRecord& session) {
  TaskResult result;
  result.run = session.run;
  result.outcome = to_string(store::Outcome::Killed);
  result.error = fmt::format("the worker {} was killed", session.worker);
  return result;
}

std::optional<SourcedClaim> claim_of(TaskSource& source, const SessionRecord& session) {
  if (auto claim = source.find_claim(session.run)) return claim;
  if (session.task.empty() || session.source == to_string(SourceKind::Queue)) return std::nullopt;
  SourcedClaim claim;
  claim.task.id = session.task;
  claim.task.title = session.task_title;
  claim.token = session.token;
  if (!source.holds(claim, session.worker)) return std::nullopt;
  return claim;
}

/// Returns false when that is for later.
bool give_up(const project::Services& services, TaskSource& source, const SessionRecord& session) {
  if (session.source != source.name()) return false;
  const auto claim = claim_of(source, session);
  if (!claim) return true;
  TaskResult result = killed_result(session);
  const auto run = store::read_run(services.store.snapshot(), session.run);
  // Another process is cleaning up after it, or could not.
  if (run && run->status == store::RunStatus::Running) return false;
  if (run && run->outcome != store::Outcome::Killed && run->outcome != store::Outcome::LostLease)
    result = result_of_run(services, *run, claim->task);
  source.finish(*claim, result);
  return true;
}

}  // namespace

void recover_dead_sessions(const project::Services& services, TaskSource& source,
                           const std::function<void(std::string_view)>& on_message) {
  run::Observer observer;
  observer.on_message = on_message;
  run::recover_dead_runs(services, observer);
  bury_dead_sessions(
      sessions_folder(services.places.local_folder()), services.clock, [&](const SessionRecord& session) {
        try {
          return give_up(services, source, session);
        } catch (const Error& error) {
          if (on_message) {
            on_message(
                fmt::format("could not take up what the worker {} left: {}", session.worker, error.what()));
          }
          return false;
        }
      });
}

std::vector<SessionRecord> current_sessions(project::Project& project) {
  const auto folder = sessions_folder(project.places().local_folder());
  if (!project.store().exists()) return {};
  const project::QueueSettings settings = project::queue_settings(project);
  QueueSource queue(project.tasks(), project.clock(), {settings.lease, settings.most_attempts});
  recover_dead_sessions(project.services(), queue, [&](std::string_view text) { project.message(text); });
  return read_sessions(folder);
}

}  // namespace changeling::work
