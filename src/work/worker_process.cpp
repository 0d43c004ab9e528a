#include "work/worker_process.hpp"

#include <fmt/format.h>

#include <thread>

#include "git/remote_choice.hpp"
#include "project/criteria.hpp"
#include "project/queue_settings.hpp"
#include "project/run_lookup.hpp"
#include "project/sharing.hpp"
#include "project/tidying.hpp"
#include "run/outbox_delivery.hpp"
#include "run/start_rules.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/folder_watch.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"
#include "work/gates.hpp"
#include "work/held_logins.hpp"
#include "work/recovery.hpp"
#include "work/session.hpp"
#include "work/task_run.hpp"
#include "work/task_sources.hpp"

namespace changeling::work {
namespace {

constexpr auto question_interval = std::chrono::milliseconds(100);
constexpr auto patience_after_stop = std::chrono::milliseconds(1000);
/// What ending at once leaves for giving the task back.
constexpr std::chrono::milliseconds patience_to_give_back(1200);

/// One worker in this process: the hooks of Worker, and what a person sees of it.
class WorkerProcess {
 public:
  WorkerProcess(project::Project& project, const WorkOrder& order, WorkerDisplay& display);

  WorkOutcome run();

 private:
  WorkerEnd run_worker(const WorkerOptions& options);
  WorkerHooks hooks();
  std::map<std::string, std::string> held_roles();
  std::optional<std::string> login_barrier();
  /// Throws Error(NotFound) when it was moved or deleted, before anything makes its folder again.
  void require_repository() const;
  TaskReport work_on(const SourcedClaim& claim, const std::string& run_id);
  run::Observer observer();
  void note_report(const TaskReport& report);
  /// Looks at the terminal, and says once what a first signal means.
  bool stop_requested();
  void wait_until(const std::function<bool(std::chrono::milliseconds)>& changed, Duration patience);
  void say(std::string_view text);

  project::Project& project_;
  const WorkOrder& order_;
  WorkerDisplay& display_;
  project::QueueSettings settings_;
  std::unique_ptr<TaskSource> source_;
  WorkerSession session_;
  std::optional<FolderWatch> watch_;
  std::optional<std::chrono::steady_clock::time_point> stopping_since_;
  Timestamp began_;
  bool at_work_ = false;  ///< On a task.
  /// Whether the agent of the present run gets the terminal, and whether it has it now.
  enum class Loan { None, Promised, Given } loan_ = Loan::None;
  bool said_stopping_ = false;
  WorkOutcome outcome_;
};

project::QueueSettings settings_of(project::Project& project, const WorkOrder& order) {
  project::QueueSettings settings = project::queue_settings(project);
  if (!order.worker.empty()) settings.worker = valid_utf8(order.worker);
  if (!order.lease.empty()) settings.lease = project::parse_lease(order.lease);
  return settings;
}

SessionRecord session_of(const WorkOrder& order, const project::QueueSettings& settings) {
  SessionRecord record;
  record.worker = settings.worker;
  record.role = order.role;
  record.source = order.source;
  return record;
}

void add_usage(SessionRecord& session, const store::RunRecord& run) {
  if (run.cost_usd) session.cost_usd = session.cost_usd.value_or(0) + *run.cost_usd;
  if (!run.tokens) return;
  store::TokenUsage sum = session.tokens.value_or(store::TokenUsage{});
  sum.input += run.tokens->input;
  sum.output += run.tokens->output;
  sum.cache_read += run.tokens->cache_read;
  sum.cache_write += run.tokens->cache_write;
  session.tokens = sum;
}

WorkerProcess::WorkerProcess(project::Project& project, const WorkOrder& order, WorkerDisplay& display)
    : project_(project),
      order_(order),
      display_(display),
      settings_(settings_of(project, order)),
      source_(make_source(project, order.source, {settings_.lease, settings_.most_attempts})),
      session_(WorkerSession::begin(sessions_folder(project.places().local_folder()),
                                    session_of(order, settings_), project.clock())),
      began_(project.clock().now()) {}

WorkOutcome WorkerProcess::run() {
  WorkerOptions options;
  options.worker = settings_.worker;
  options.filter = {order_.role, order_.labels, order_.except};
  options.most_tasks = static_cast<std::size_t>(order_.most_tasks);
  options.when_idle = order_.when_idle;
  options.poll = order_.poll;
  if (is_own_queue(*source_)) project_.damage().note(project_.tasks().current_index().unreadable());
  if (display_.has_terminal() && options.when_idle == WorkerOptions::WhenIdle::Wait)
    say("press q to stop after the current task");
  // Requests between two tasks are finished, but nobody waits for a server that does not answer.
  std::optional<std::chrono::steady_clock::time_point> interrupted_since;
  const Interruption::Scope scope(project_.interruption(), [this, &interrupted_since] {
    if (!stop_requested()) return false;
    const auto now = std::chrono::steady_clock::now();
    if (interrupted() && !interrupted_since) interrupted_since = now;
    // Also then the task is given back, and the other machines have to hear of it.
    if (interrupted_since) return now - *interrupted_since > patience_to_give_back;
    // A task is finished, however long that takes: its work is sent and it is handed in.
    return !at_work_ && now - *stopping_since_ > patience_after_stop;
  });
  try {
    outcome_.end = run_worker(options);
    session_.end(SessionStatus::Completed);
  } catch (const std::exception& error) {
    session_.end(SessionStatus::Failed, error.what());
    throw;
  }
  return std::move(outcome_);
}

WorkerEnd WorkerProcess::run_worker(const WorkerOptions& options) {
  try {
    return Worker(*source_, options, hooks(), project_.clock()).run();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Interrupted || interrupt_count() == 0) throw;
    say(error.what());
    return WorkerEnd::Stopped;
  }
}

WorkerHooks WorkerProcess::hooks() {
  WorkerHooks hooks;
  hooks.stop_requested = [this] { return stop_requested(); };
  hooks.watch = [this] {
    require_repository();
    if (!is_own_queue(*source_)) return;
    const auto file = project_.repository().common_directory() / project_.store().reference();
    watch_.emplace(file.parent_path(), std::vector<std::string>{file.filename().string()});
  };
  hooks.wait = [this](Duration patience) {
    wait_until([this](std::chrono::milliseconds slice) { return watch_ && watch_->wait(slice); }, patience);
  };
  hooks.pause = [this](Duration patience) {
    wait_until([](std::chrono::milliseconds) { return false; }, patience);
  };
  hooks.held_back = [this]() -> std::optional<std::string> {
    const project::Services& services = project_.services();
    services.forge.require_usable();
    const store::Snapshot snapshot = project_.snapshot();
    services.runs.follow();
    store::RunRecord next;
    next.changeling = order_.role;
    next.trigger = run::task_trigger;
    auto barrier = run::find_barrier({services.repository, services.places, services.limits, snapshot,
                                      services.runs, project_.clock().now()},
                                     next, 0);
    return barrier || is_own_queue(*source_) ? barrier : login_barrier();
  };
  hooks.held_roles = [this] { return held_roles(); };
  hooks.recover = [this] {
    require_repository();
    if (is_own_queue(*source_)) open_passed_gates_sometimes(project_);
    // Before what dead workers left is given back: work that is done is sent rather than done again.
    run::send_outbox(project_, run::Due::OnlyDue);
    recover_dead_sessions(project_.services(), *source_, [this](std::string_view text) { say(text); });
  };
  hooks.work = [this](const SourcedClaim& claim, const std::string& run_id) {
    return work_on(claim, run_id);
  };
  hooks.give_back = [this](const SourcedClaim& claim) {
    return give_back({project_.services(), *source_, settings_.worker, {}}, claim);
  };
  hooks.on_report = [this](const TaskReport& report) { note_report(report); };
  hooks.on_status = [this](SessionStatus status, const std::string& run, const std::string& note) {
    const SessionRecord& now = session_.record();
    if (now.status == status && now.run == run && now.note == note) return;
    session_.update([&](SessionRecord& record) {
      record.status = status;
      record.run = run;
      record.note = note;
    });
  };
  hooks.on_message = [this](std::string_view text) { say(text); };
  hooks.on_step = [this](run::Step step) { display_.trace(step); };
  return hooks;
}

/// Whoever starts a worker that does not wait is there to see what comes of it.
std::map<std::string, std::string> WorkerProcess::held_roles() {
  const bool waits = order_.when_idle == WorkerOptions::WhenIdle::Wait;
  return roles_without_login(project_, order_.role, waits ? Timestamp{} : began_);
}

/// Sources elsewhere know no roles: all of their tasks are worked on by that of this worker.
std::optional<std::string> WorkerProcess::login_barrier() {
  const auto held = held_roles();
  const auto own = held.find(order_.role);
  return own == held.end() ? std::nullopt : std::optional(own->second);
}

void WorkerProcess::require_repository() const {
  const auto& folder = project_.repository().common_directory();
  std::error_code unreadable;
  if (std::filesystem::exists(folder / "HEAD", unreadable)) return;
  throw Error(ErrorKind::NotFound, fmt::format("the repository is no longer there: {}", folder.string()));
}

TaskReport WorkerProcess::work_on(const SourcedClaim& claim, const std::string& run_id) {
  session_.update([&](SessionRecord& record) {
    record.status = SessionStatus::Working;
    record.run = run_id;
    record.task = claim.task.id;
    record.task_title = claim.task.title;
    record.token = claim.token;
    record.workspace = project_.places().worktree(run_id).string();
  });
  TaskServices services{project_.services(), *source_, settings_.worker,
                        choose_handling(project_, order_.role, Gate::Closed)};
  services.approved_criteria = [this](const std::string& role) {
    return project::approved_criteria(project_, role.empty() ? order_.role : role);
  };
  if (display_.has_terminal()) services.terminal = TaskServices::TerminalUse::Possible;
  services.on_interactive = [this] { loan_ = Loan::Promised; };
  display_.task_begins(claim.task);
  at_work_ = true;
  const auto forget = [this](void*) {
    at_work_ = false;
    if (stopping_since_) stopping_since_ = std::chrono::steady_clock::now();
    loan_ = Loan::None;
    display_.task_ends();
  };
  const std::unique_ptr<void, decltype(forget)> scope(this, forget);
  TaskReport report = work_on_task(services, observer(), claim, run_id);
  session_.update([&](SessionRecord& record) {
    record.status = SessionStatus::Ready;
    record.run.clear();
    record.task.clear();
    record.task_title.clear();
    record.workspace.clear();
    record.token = 0;
    if (report.run) add_usage(record, *report.run);
  });
  return report;
}

run::Observer WorkerProcess::observer() {
  run::Observer watching;
  watching.on_step = [this](run::Step step) {
    display_.trace(step);
    if (loan_ == Loan::Promised && step == run::Step::Launch) {
      loan_ = Loan::Given;
      display_.lend_terminal();
    } else {
      if (loan_ == Loan::Given) loan_ = Loan::None;
      display_.step(step);
    }
    session_.update_soon([](SessionRecord&) {});
  };
  watching.on_message = [this](std::string_view text) { display_.message(text); };
  watching.on_progress = [this](const run::Progress& progress) {
    display_.progress(progress);
    session_.update_soon([](SessionRecord&) {});
  };
  watching.stop_requested = [this] {
    if (loan_ != Loan::Given) display_.tick();
    stop_requested();
    return interrupted();
  };
  return watching;
}

void WorkerProcess::note_report(const TaskReport& report) {
  project::tidy_up(project_);
  const auto now = store::read_sound_task(project_.snapshot(), report.task.id);
  const std::string status = now ? std::string(to_string(now->status)) : "";
  const std::string& error = report.problem.empty() ? report.result.error : report.problem;
  outcome_.tasks.push_back({report.task.id, report.task.title, report.result.run, report.result.outcome,
                            report.success(), status, error});
  outcome_.all_succeeded = outcome_.all_succeeded && report.success();
  if (report.run && order_.when_idle == WorkerOptions::WhenIdle::End) outcome_.runs.push_back(*report.run);
  say(fmt::format("{}: {}{}{}", report.task.id, report.result.outcome,
                  status.empty() ? "" : fmt::format(", now {}", status),
                  error.empty() ? "" : fmt::format(": {}", error)));
}

bool WorkerProcess::stop_requested() {
  if (loan_ != Loan::Given && display_.wants_to_end()) request_interrupt();
  if (interrupt_count() == 0) return false;
  if (!stopping_since_) stopping_since_ = std::chrono::steady_clock::now();
  if (!said_stopping_ && !interrupted()) {
    said_stopping_ = true;
    say(!at_work_ ? "stopping" : "finishing this task; interrupt again to stop it and give it back");
  }
  return true;
}

void WorkerProcess::wait_until(const std::function<bool(std::chrono::milliseconds)>& changed,
                               Duration patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!stop_requested()) {
    const auto started = std::chrono::steady_clock::now();
    if (started >= deadline) return;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - started);
    const auto slice = std::min<std::chrono::milliseconds>(question_interval, left);
    if (changed(slice)) return;
    std::this_thread::sleep_until(started + slice);
  }
}

void WorkerProcess::say(std::string_view text) {
  display_.message(text);
}

}  // namespace

WorkOutcome work_here(project::Project& project, const WorkOrder& order, WorkerDisplay& display) {
  // Named before a task is claimed.
  static_cast<void>(git::choose_push_remote(project.repository(), project.remote()));
  catch_interrupts(2);
  outlive_readers();
  return WorkerProcess(project, order, display).run();
}

}  // namespace changeling::work
