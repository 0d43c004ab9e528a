#include "work/task_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/base_branch.hpp"
#include "project/criteria.hpp"
#include "project/missing_logins.hpp"
#include "run/equipment_files.hpp"
#include "run/prompt.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "work/claim_keeper.hpp"
#include "work/task_prompt.hpp"

namespace changeling::work {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view released = "released";
constexpr std::size_t most_artifacts = 50;
constexpr auto progress_interval = std::chrono::seconds(10);

/// Where the work of earlier runs lies, as far as it still does.
BranchOfRun branch_finder(const project::Services& services) {
  return [&services](const std::string& run_id) -> std::string {
    const auto run = store::read_run(services.store.snapshot(), run_id);
    if (!run || run->branch.empty() || !services.repository.resolve("refs/heads/" + run->branch)) return "";
    return run->branch;
  };
}

/// Files that the run kept, but for the ones that have become something else.
std::vector<queue::Artifact> file_artifacts(const project::Services& services, const store::RunRecord& run) {
  std::vector<queue::Artifact> artifacts;
  const fs::path folder = services.places.run(run.id).artifacts();
  std::error_code missing;
  for (fs::recursive_directory_iterator entry(folder, missing), end; !missing && entry != end;
       entry.increment(missing)) {
    const std::string path = entry->path().lexically_relative(folder).string();
    if (!entry->is_regular_file() || path == "pull-request.md" || path == "target") continue;
    artifacts.push_back(
        {queue::Artifact::Kind::File, path, fmt::format("left by run {}", run.id), services.clock.now()});
  }
  std::sort(artifacts.begin(), artifacts.end(),
            [](const auto& one, const auto& two) { return one.path < two.path; });
  if (artifacts.size() > most_artifacts) artifacts.resize(most_artifacts);
  return artifacts;
}

/// A run's observer that also makes events of what the agent does, not too many of them.
class ProgressEvents {
 public:
  ProgressEvents(const project::Services& services, std::string task, std::string run)
      : services_(services), task_(std::move(task)), run_(std::move(run)) {}

  void note(const run::Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (!services_.on_event || progress.activity.empty() || progress.activity == said_) return;
    if (said_at_ && now - *said_at_ < progress_interval) return;
    said_at_ = now;
    said_ = progress.activity;
    services_.on_event("work:progress", Json{{"task", task_}, {"run", run_}, {"text", said_}});
  }

 private:
  const project::Services& services_;
  std::string task_;
  std::string run_;
  std::string said_;
  std::optional<std::chrono::steady_clock::time_point> said_at_;
};

/// Of a claim that did not come to a run.
TaskResult failed_result(const std::string& error) {
  TaskResult result;
  result.outcome = to_string(store::Outcome::Failed);
  result.error = error;
  return result;
}

/// Nothing is handed in for a claim that is lost: whoever has it now decides.
void hand_in(const TaskServices& services, const SourcedClaim& claim, TaskReport& report) {
  const bool lost = report.result.outcome == to_string(store::Outcome::LostLease);
  try {
    lost ? services.source.abandon(claim) : services.source.finish(claim, report.result);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    report.problem = with_hint(error);
  }
}

/// Whether the run has failed because its agent was not let in.
bool waits_for_login(const project::Services& services, const AgentType& agent, const store::RunRecord& run) {
  if (!run.outage || run.outcome != store::Outcome::Failed) return false;
  const auto missing = project::MissingLogins(services.environment).find(agent);
  return missing && missing->since >= run.started_at;
}

/// The number of the issue on GitHub that the task was made from, or nothing.
std::string github_issue_of(const queue::Task& task) {
  constexpr std::string_view start = "github:";
  return task.source.starts_with(start) ? task.source.substr(start.size()) : "";
}

/// A task that this worker is not the one for; that is not the task's fault.
struct NotForThisWorker {
  std::string reason;
};

/// What this machine does not trust is no reason to count an attempt: another worker may be allowed to.
project::Handling handling_of(const TaskServices& services, const queue::Task& task) {
  try {
    return services.handling(task);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Refused) throw NotForThisWorker{with_hint(error)};
    throw;
  }
}

/// The task gets the criteria of its role; what nobody has approved among them is left to a person.
run::RunRequest request_for(const TaskServices& services, const run::Observer& observer, queue::Task& task,
                            const std::string& run_id) {
  project::Handling handling = handling_of(services, task);
  queue::add_criteria(task, handling.accept);
  const auto approved =
      services.approved_criteria ? services.approved_criteria(task.role) : queue::IsApproved();
  project::say_unapproved(queue::leave_to_people(task, approved), observer.on_message);
  if (handling.interactive && services.terminal == TaskServices::TerminalUse::None) {
    throw NotForThisWorker{
        fmt::format("the role {0} is interactive and needs a terminal of its own; type: git changeling work "
                    "--role {0}",
                    handling.definition.name)};
  }
  run::RunRequest request;
  request.run_id = run_id;
  request.interactive = handling.interactive;
  request.definition = std::move(handling.definition);
  request.agent = std::move(handling.agent);
  request.trigger = run::task_trigger;
  request.task = task.id;
  request.task_title = task.title;
  request.task_text = task_section(task, branch_finder(services.run));
  request.closes_issue = github_issue_of(task);
  request.acceptance = task.acceptance;
  return request;
}

}  // namespace

TaskResult result_of_run(const project::Services& services, const store::RunRecord& run,
                         const queue::Task& task) {
  TaskResult result;
  result.run = run.id;
  const store::Outcome outcome = run.outcome.value_or(store::Outcome::Failed);
  result.outcome = to_string(outcome);
  result.success = is_success(outcome);
  result.error = run.error;
  result.summary = run.summary;
  result.undelivered = !result.success && run.outage && services.places.outbox().has(run.id);
  if (!result.success && !result.undelivered) return result;
  result.artifacts = file_artifacts(services, run);
  if (run.pull_request) {
    result.artifacts.push_back({queue::Artifact::Kind::PullRequest, std::to_string(run.pull_request->number),
                                run.pull_request->url, services.clock.now()});
  }
  const bool for_a_person = std::any_of(
      task.acceptance.begin(), task.acceptance.end(),
      [](const queue::Criterion& criterion) { return criterion.kind == queue::Criterion::Kind::Text; });
  // Where nothing was changed and nothing could be checked, only the agent says that it is done.
  const bool unproven = !run.pull_request && task.acceptance.empty();
  result.check.needs_review = run.pull_request || for_a_person || unproven || result.undelivered;
  return result;
}

TaskReport work_on_task(const TaskServices& services, const run::Observer& observer,
                        const SourcedClaim& claim, const std::string& run_id) {
  TaskReport report;
  report.task = claim.task;
  queue::Task task = claim.task;
  bool stopped = false;
  try {
    run::RunRequest request = request_for(services, observer, task, run_id);
    ClaimKeeper keeper(services.source, claim, services.worker, services.run.clock, observer.on_message);
    request.task_token = claim.task.lease ? claim.task.lease->token : 0;
    request.holds_claim = [&](run::ClaimMoment moment) { return keeper.holds(moment); };
    request.why_claim_is_lost = [&] { return keeper.why_lost(); };
    ProgressEvents events(services.run, claim.task.id, run_id);
    run::Observer watching = observer;
    watching.on_progress = [&](const run::Progress& progress) {
      events.note(progress);
      if (observer.on_progress) observer.on_progress(progress);
    };
    watching.stop_requested = [&] {
      stopped = stopped || (observer.stop_requested && observer.stop_requested());
      return stopped;
    };
    if (request.interactive && services.on_interactive) services.on_interactive();
    const auto ended = run::execute_run(services.run, watching, request);
    if (const auto* skipped = std::get_if<run::Skipped>(&ended)) {
      // That the run must not be now is no fault of the task.
      report.result = failed_result(skipped->reason);
      report.result.outcome = released;
    } else {
      report.run = std::get<store::RunRecord>(ended);
      report.result = result_of_run(services.run, *report.run, task);
      report.waits = waits_for_login(services.run, request.agent, *report.run);
      if (report.waits) report.result.outcome = released;
    }
  } catch (const NotForThisWorker& refusal) {
    report.result = failed_result(refusal.reason);
    report.result.outcome = released;
    if (observer.on_message) observer.on_message(refusal.reason);
  } catch (const Error& error) {
    report.result = failed_result(with_hint(error));
  }
  const bool killed = !report.run || report.run->outcome == store::Outcome::Killed;
  if (stopped && killed && !report.result.success) report.result.outcome = released;
  if (observer.on_step) observer.on_step(run::Step::Finish);
  hand_in(services, claim, report);
  return report;
}

TaskReport give_back(const TaskServices& services, const SourcedClaim& claim) {
  TaskReport report;
  report.task = claim.task;
  report.result.outcome = released;
  report.result.error = "the worker was asked to stop";
  hand_in(services, claim, report);
  return report;
}

std::string preview_prompt(const project::Services& services, const project::Handling& handling,
                           const queue::Task& task) {
  const std::string base = project::base_branch(services.repository, services.remote, handling.definition);
  run::PromptContext context{services.repository.display_name(), base, "$CHANGELING_ARTIFACTS", false, ""};
  queue::Task whole = task;
  queue::add_criteria(whole, handling.accept);
  context.task = task_section(whole, branch_finder(services));
  context.equipment = run::equipment_section(handling.definition.equipment, handling.agent);
  return run::compose_prompt(handling.definition, context);
}

}  // namespace changeling::work
