#include <fmt/format.h>

#include <thread>

#include "cli/gates.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress_line.hpp"
#include "cli/queue_settings.hpp"
#include "cli/quit_key.hpp"
#include "cli/run_lookup.hpp"
#include "cli/sharing.hpp"
#include "cli/task_sources.hpp"
#include "cli/tidying.hpp"
#include "cli/trace.hpp"
#include "cli/work_order.hpp"
#include "git/remote_choice.hpp"
#include "run/start_rules.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/folder_watch.hpp"
#include "support/text.hpp"
#include "work/recovery.hpp"
#include "work/session.hpp"

namespace changeling::cli {
namespace {

constexpr auto question_interval = std::chrono::milliseconds(100);
constexpr auto patience_after_stop = std::chrono::milliseconds(1000);
/// What ending at once leaves for giving the task back.
constexpr std::chrono::milliseconds patience_to_give_back(1200);

/// One worker in this process: the hooks of work::Worker, and what a person sees of it.
class WorkerProcess {
 public:
  WorkerProcess(Context& context, const WorkOrder& order);

  WorkOutcome run();

 private:
  work::WorkerEnd run_worker(const work::WorkerOptions& options);
  work::WorkerHooks hooks();
  work::TaskReport work_on(const work::SourcedClaim& claim, const std::string& run_id);
  run::Observer observer(ProgressLine& line);
  void note_report(const work::TaskReport& report);
  /// Looks at the terminal, and says once what a first signal means.
  bool stop_requested();
  void wait_until(const std::function<bool(std::chrono::milliseconds)>& changed, Duration patience);
  void say(std::string_view text);

  Context& context_;
  const WorkOrder& order_;
  QueueSettings settings_;
  std::unique_ptr<work::TaskSource> source_;
  QuitKey key_;
  work::WorkerSession session_;
  std::optional<FolderWatch> watch_;
  std::optional<std::chrono::steady_clock::time_point> stopping_since_;
  ProgressLine* line_ = nullptr;  ///< While a task is worked on.
  /// Whether the agent of the present run gets the terminal, and whether it has it now.
  enum class Loan { None, Promised, Given } loan_ = Loan::None;
  bool said_stopping_ = false;
  WorkOutcome outcome_;
};

QueueSettings settings_of(Context& context, const WorkOrder& order) {
  QueueSettings settings = queue_settings(context);
  if (!order.worker.empty()) settings.worker = valid_utf8(order.worker);
  if (!order.lease.empty()) settings.lease = parse_lease(order.lease);
  return settings;
}

work::SessionRecord session_of(const WorkOrder& order, const QueueSettings& settings) {
  work::SessionRecord record;
  record.worker = settings.worker;
  record.role = order.role;
  record.source = order.source;
  return record;
}

QuitKey::Use key_use(const Context& context, const WorkOrder& order) {
  const bool at_terminal = context.terminal().input_is_terminal && context.terminal().error_is_terminal;
  return at_terminal && order.display == WorkOrder::Display::Line ? QuitKey::Use::Watch
                                                                  : QuitKey::Use::Ignore;
}

void add_usage(work::SessionRecord& session, const store::RunRecord& run) {
  if (run.cost_usd) session.cost_usd = session.cost_usd.value_or(0) + *run.cost_usd;
  if (!run.tokens) return;
  store::TokenUsage sum = session.tokens.value_or(store::TokenUsage{});
  sum.input += run.tokens->input;
  sum.output += run.tokens->output;
  sum.cache_read += run.tokens->cache_read;
  sum.cache_write += run.tokens->cache_write;
  session.tokens = sum;
}

WorkerProcess::WorkerProcess(Context& context, const WorkOrder& order)
    : context_(context),
      order_(order),
      settings_(settings_of(context, order)),
      source_(make_source(context, order.source, {settings_.lease, settings_.most_attempts})),
      key_(key_use(context, order)),
      session_(work::WorkerSession::begin(work::sessions_folder(context.places().local_folder()),
                                          session_of(order, settings_), context.clock())) {}

WorkOutcome WorkerProcess::run() {
  work::WorkerOptions options;
  options.worker = settings_.worker;
  options.filter = {order_.role, order_.labels, order_.except};
  options.most_tasks = static_cast<std::size_t>(order_.most_tasks);
  options.when_idle = order_.when_idle;
  options.poll = order_.poll;
  if (is_own_queue(*source_)) context_.damage().note(context_.tasks().current_index().unreadable());
  if (key_.available() && options.when_idle == work::WorkerOptions::WhenIdle::Wait)
    say("press q to stop after the current task");
  // Requests between two tasks are finished, but nobody waits for a server that does not answer.
  std::optional<std::chrono::steady_clock::time_point> interrupted_since;
  const Interruption::Scope scope(context_.interruption(), [this, &interrupted_since] {
    if (!stop_requested()) return false;
    const auto now = std::chrono::steady_clock::now();
    if (interrupted() && !interrupted_since) interrupted_since = now;
    // Also then the task is given back, and the other machines have to hear of it.
    return interrupted_since ? now - *interrupted_since > patience_to_give_back
                             : now - *stopping_since_ > patience_after_stop;
  });
  try {
    outcome_.end = run_worker(options);
    session_.end(work::SessionStatus::Completed);
  } catch (const std::exception& error) {
    session_.end(work::SessionStatus::Failed, error.what());
    throw;
  }
  return std::move(outcome_);
}

work::WorkerEnd WorkerProcess::run_worker(const work::WorkerOptions& options) {
  try {
    return work::Worker(*source_, options, hooks(), context_.clock()).run();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Interrupted || interrupt_count() == 0) throw;
    say(error.what());
    return work::WorkerEnd::Stopped;
  }
}

work::WorkerHooks WorkerProcess::hooks() {
  work::WorkerHooks hooks;
  hooks.stop_requested = [this] { return stop_requested(); };
  hooks.watch = [this] {
    if (!is_own_queue(*source_)) return;
    const auto file = context_.repository().common_directory() / context_.store().reference();
    watch_.emplace(file.parent_path(), std::vector<std::string>{file.filename().string()});
  };
  hooks.wait = [this](Duration patience) {
    wait_until([this](std::chrono::milliseconds slice) { return watch_ && watch_->wait(slice); }, patience);
  };
  hooks.pause = [this](Duration patience) {
    wait_until([](std::chrono::milliseconds) { return false; }, patience);
  };
  hooks.held_back = [this]() -> std::optional<std::string> {
    const run::Services& services = context_.services();
    const store::Snapshot snapshot = context_.snapshot();
    services.runs.follow();
    store::RunRecord next;
    next.changeling = order_.role;
    next.trigger = run::task_trigger;
    return run::find_barrier({services.repository, services.places, services.limits, snapshot, services.runs,
                              context_.clock().now()},
                             next, 0);
  };
  hooks.recover = [this] {
    if (is_own_queue(*source_)) open_passed_gates_sometimes(context_);
    // Before what dead workers left is given back: work that is done is sent rather than done again.
    send_outbox(context_, run::Due::OnlyDue);
    work::recover_dead_sessions(context_.services(), *source_, [this](std::string_view text) { say(text); });
  };
  hooks.work = [this](const work::SourcedClaim& claim, const std::string& run_id) {
    return work_on(claim, run_id);
  };
  hooks.give_back = [this](const work::SourcedClaim& claim) {
    return work::give_back({context_.services(), *source_, settings_.worker, {}}, claim);
  };
  hooks.on_report = [this](const work::TaskReport& report) { note_report(report); };
  hooks.on_status = [this](work::SessionStatus status, const std::string& run, const std::string& note) {
    const work::SessionRecord& now = session_.record();
    if (now.status == status && now.run == run && now.note == note) return;
    session_.update([&](work::SessionRecord& record) {
      record.status = status;
      record.run = run;
      record.note = note;
    });
  };
  hooks.on_message = [this](std::string_view text) { say(text); };
  hooks.on_step = [this](run::Step step) { trace_step(context_.environment(), step); };
  return hooks;
}

work::TaskReport WorkerProcess::work_on(const work::SourcedClaim& claim, const std::string& run_id) {
  session_.update([&](work::SessionRecord& record) {
    record.status = work::SessionStatus::Working;
    record.run = run_id;
    record.task = claim.task.id;
    record.task_title = claim.task.title;
    record.token = claim.token;
    record.workspace = context_.places().worktree(run_id).string();
  });
  Terminal terminal = context_.terminal();
  if (order_.display == WorkOrder::Display::Lines) terminal.error_is_terminal = false;
  work::TaskServices services{context_.services(), *source_, settings_.worker,
                              choose_handling(context_, order_.role, Gate::Closed)};
  if (key_.available()) services.terminal = work::TaskServices::TerminalUse::Possible;
  services.on_interactive = [this] { loan_ = Loan::Promised; };
  ProgressLine line(terminal, context_.options().quiet, claim.task.id);
  line.message(claim.task.title);
  line_ = &line;
  const auto forget = [this](void*) {
    line_ = nullptr;
    loan_ = Loan::None;
  };
  const std::unique_ptr<void, decltype(forget)> scope(this, forget);
  work::TaskReport report = work::work_on_task(services, observer(line), claim, run_id);
  session_.update([&](work::SessionRecord& record) {
    record.status = work::SessionStatus::Ready;
    record.run.clear();
    record.task.clear();
    record.task_title.clear();
    record.workspace.clear();
    record.token = 0;
    if (report.run) add_usage(record, *report.run);
  });
  return report;
}

run::Observer WorkerProcess::observer(ProgressLine& line) {
  run::Observer watching;
  watching.on_step = [this, &line](run::Step step) {
    trace_step(context_.environment(), step);
    if (loan_ == Loan::Promised && step == run::Step::Launch) {
      loan_ = Loan::Given;
      line.pause();
      key_.release();
    } else {
      if (loan_ == Loan::Given) loan_ = Loan::None;
      line.step(step);
    }
    session_.update_soon([](work::SessionRecord&) {});
  };
  watching.on_message = [&line](std::string_view text) { line.message(text); };
  watching.on_progress = [this, &line](const run::Progress& progress) {
    line.progress(progress);
    session_.update_soon([](work::SessionRecord&) {});
  };
  watching.stop_requested = [this, &line] {
    if (loan_ != Loan::Given) line.tick();
    stop_requested();
    return interrupted();
  };
  return watching;
}

void WorkerProcess::note_report(const work::TaskReport& report) {
  tidy_up(context_);
  const auto now = store::read_sound_task(context_.snapshot(), report.task.id);
  const std::string status = now ? std::string(to_string(now->status)) : "";
  const std::string& error = report.problem.empty() ? report.result.error : report.problem;
  outcome_.tasks.push_back({{"task", report.task.id},
                            {"title", report.task.title},
                            {"run", report.result.run.empty() ? Json(nullptr) : Json(report.result.run)},
                            {"outcome", report.result.outcome},
                            {"success", report.success()},
                            {"status", status.empty() ? Json(nullptr) : Json(status)},
                            {"error", error}});
  outcome_.all_succeeded = outcome_.all_succeeded && report.success();
  if (report.run && order_.when_idle == work::WorkerOptions::WhenIdle::End)
    outcome_.runs.push_back(run_to_json(context_, *report.run));
  say(fmt::format("{}: {}{}{}", report.task.id, report.result.outcome,
                  status.empty() ? "" : fmt::format(", now {}", status),
                  error.empty() ? "" : fmt::format(": {}", error)));
}

bool WorkerProcess::stop_requested() {
  if (loan_ != Loan::Given && key_.pressed()) request_interrupt();
  if (interrupt_count() == 0) return false;
  if (!stopping_since_) stopping_since_ = std::chrono::steady_clock::now();
  if (!said_stopping_ && !interrupted()) {
    said_stopping_ = true;
    say(line_ == nullptr ? "stopping" : "finishing this task; interrupt again to stop it and give it back");
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
  if (line_ != nullptr) {
    line_->message(text);
  } else {
    context_.message(text);
  }
}

}  // namespace

WorkOutcome work_here(Context& context, const WorkOrder& order) {
  // Named before a task is claimed.
  static_cast<void>(git::choose_push_remote(context.repository(), context.remote()));
  catch_interrupts(2);
  return WorkerProcess(context, order).run();
}

}  // namespace changeling::cli
