#include "run/run_session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "forge/body.hpp"
#include "run/acceptance.hpp"
#include "run/artifacts.hpp"
#include "run/interactive_launcher.hpp"
#include "run/own_pull_requests.hpp"
#include "run/publication.hpp"
#include "run/recovery.hpp"
#include "run/run_events.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/path_glob.hpp"
#include "support/text.hpp"

namespace changeling::run {
namespace {

// Claude Code has been seen to live on after its result; a well-behaved agent needs a second.
constexpr auto grace_after_result = std::chrono::seconds(10);
constexpr auto lease_check_interval = std::chrono::seconds(1);

std::string run_branch(const RunRequest& request) {
  return fmt::format("changelings/{}/{}", request.definition.name, request.run_id);
}

std::vector<std::string> all_secrets(const Services& services, const RunRequest& request) {
  auto values = secret_values(services.environment, request.agent, request.definition);
  values.insert(values.end(), services.secrets.begin(), services.secrets.end());
  return values;
}

std::string hinted(const Error& error) {
  return error.hint().empty() ? error.what() : fmt::format("{} ({})", error.what(), error.hint());
}

}  // namespace

RunSession::RunSession(const Services& services, const Observer& observer, const RunRequest& request,
                       LiveRun& live)
    : services_(services),
      observer_(observer),
      request_(request),
      live_(live),
      log_(live.files(), Redactor(all_secrets(services, request)), services.clock),
      live_server_(live.files(), live.record(),
                   [this](const std::string& from, const std::string& text) { note_message(from, text); }),
      branch_(run_branch(request)) {}

void RunSession::carry_out() {
  try {
    look_at_history();
    prepare();
    if (!ended() && set_up()) {
      const LaunchResult result = launch();
      step("collect");
      judge(result);
      collect(result);
      if (!ended() && request_.definition.output != OutputKind::PullRequest) report(result);
      if (!ended()) verify();
      // Without a change or a pull request the criteria are all that tells whether the task is done.
      if (!ended() || is_success(*live_.record().outcome)) accept();
      if (!ended()) propose();
    }
  } catch (const Error& error) {
    const bool interrupted = error.kind() == ErrorKind::Interrupted;
    if (!ended()) end(interrupted ? store::Outcome::Killed : store::Outcome::Failed, hinted(error));
  } catch (const std::exception& error) {
    // The record must be written whatever a library throws.
    if (!ended()) end(store::Outcome::Failed, error.what());
  }
}

void RunSession::look_at_history() {
  step("history");
  if (!live_server_.problem().empty() && observer_.on_message) {
    observer_.on_message("nobody can attach to this run: " + live_server_.problem());
  }
  for (const std::string& name : request_.definition.secrets) {
    if (services_.environment.get(name)) continue;
    throw Error(ErrorKind::Refused, fmt::format("the secret {} is not set in the environment", name),
                fmt::format("export {}, or take it out: git changeling update {} --secret ''", name,
                            request_.definition.name));
  }
  // A sandbox that is demanded and cannot be had must not be left out quietly.
  if (request_.definition.sandbox == SandboxPolicy::Required) {
    throw Error(
        ErrorKind::Refused, "a sandbox is required and this version cannot make one",
        fmt::format("run it without: git changeling update {} --sandbox off", request_.definition.name));
  }
  if (request_.definition.sandbox == SandboxPolicy::Auto && observer_.on_message) {
    observer_.on_message("this version cannot make a sandbox; the agent runs without one");
  }
  if (request_.definition.output != OutputKind::PullRequest) return;
  earlier_runs_ = read_runs(services_.store.snapshot());
  own_open_ = own_pull_requests(services_.forge.open_pull_requests(), live_.record(), earlier_runs_);
}

void RunSession::prepare() {
  step("fetch");
  store::RunRecord& record = live_.record();
  start_ = find_starting_point(services_, observer_, request_.definition, own_open_, earlier_runs_);
  record.base = start_->base;
  record.base_commit = start_->base_commit.hex();
  record.start = start_->commit.hex();
  write_start_note(live_.files(), {record.base, record.base_commit, start_->commit.hex(), branch_});
  if (end_if_stopped(stop_reason())) return;

  step("worktree");
  workspace_ = Workspace::create(services_, request_.run_id, branch_, start_->commit);
  workspace_->write_excludes(request_.definition.copy);
  if (const auto work_tree = services_.repository.work_tree()) {
    workspace_->copy_from(*work_tree, request_.definition.copy);
  }
  const PromptContext context{services_.repository.display_name(), start_->base, workspace_->artifacts(),
                              start_->continues.has_value(), request_.task_text};
  const std::string prompt = compose_prompt(request_.definition, context);
  write_file(live_.files().prompt(), prompt);
  workspace_->write_scratch("prompt.md", prompt);
  workspace_->write_scratch("AGENTS.md",
                            scoped_instructions(request_.definition, context) + "\n" + request_.task_text);
  environment_ = agent_environment(
      services_.environment, request_.agent, request_.definition,
      {request_.run_id, record.task, workspace_->path(), workspace_->scratch() / "prompt.md",
       workspace_->artifacts(), live_.files().excludes(), services_.store.actor()});
}

bool RunSession::set_up() {
  if (request_.definition.setup.empty()) return true;
  step("setup");
  const SequenceResult result = run_commands(
      {request_.definition.setup, workspace_->path(), environment_, request_.run_id,
       request_.definition.timeout, &live_server_},
      false, [this] { return stop_reason(); }, log_);
  if (end_if_stopped(result.ended_by)) return false;
  if (result.passed) return true;
  const store::VerificationResult& failed = result.results.back();
  end(store::Outcome::Failed, fmt::format("setup: '{}' ended with exit code {}: {}", failed.command,
                                          failed.exit_code, trim(last_part(failed.output, 200))));
  return false;
}

LaunchResult RunSession::launch() {
  step("launch");
  const Definition& definition = request_.definition;
  LaunchRequest launch;
  launch.run_id = request_.run_id;
  launch.changeling = definition.name;
  launch.agent = request_.agent;
  launch.command_line = definition.command;
  launch.prompt_file = workspace_->scratch() / "prompt.md";
  launch.prompt = read_file(launch.prompt_file);
  launch.worktree = workspace_->path();
  launch.arguments = definition.arguments;
  launch.permissions = definition.permissions;
  launch.max_turns = definition.max_turns;
  launch.budget_usd = definition.budget_usd;
  launch.environment = environment_;
  launch.timeout = definition.timeout;
  launch.silence_timeout = definition.silence_timeout;
  launch.grace_after_result = grace_after_result;

  // A command's output is its log; of the others the log tells what they do, the transcript has the rest.
  const bool plain_output = request_.agent.launcher == LauncherKind::Command;
  LaunchObserver watching;
  watching.on_transcript = [&](std::string_view bytes) {
    log_.transcript(bytes);
    if (plain_output) log_.output(bytes);
  };
  watching.on_progress = [&](const Progress& progress) {
    const std::string activity = log_.redactor()(progress.activity);
    if (!plain_output && activity != progress_.progress.activity) log_.note(activity);
    progress_.progress = progress;
    progress_.progress.activity = activity;
    write_progress(live_.files(), progress_);
    if (observer_.on_progress) observer_.on_progress(progress_.progress);
  };
  watching.stop_requested = [this] { return stop_reason(); };
  watching.live = &live_server_;
  announce_agent_started(services_, live_.record());
  try {
    const std::unique_ptr<Launcher> launcher =
        request_.interactive ? std::make_unique<InteractiveLauncher>()
                             : make_launcher(request_.agent.launcher, services_.processes);
    LaunchResult result = launcher->launch(launch, watching);
    if (!plain_output && !result.final_text.empty()) log_.note(result.final_text);
    log_.flush();
    announce_agent_ended(services_, live_.record(), result.success);
    return result;
  } catch (const Error&) {
    announce_agent_ended(services_, live_.record(), false);
    throw;
  }
}

void RunSession::judge(const LaunchResult& result) {
  store::RunRecord& record = live_.record();
  record.exit_code = result.exit_status.code || result.exit_status.signal
                         ? std::optional(result.exit_status.shell_code())
                         : std::nullopt;
  record.session_id = result.session_id;
  record.turns = result.totals.turns;
  record.tokens = result.totals.tokens;
  record.cost_usd = result.totals.cost_usd;
  const std::string error = log_.redactor()(result.error);
  if (end_if_stopped(result.ended_by)) return;
  if (result.ended_by == EndedBy::TimeLimit) return end(store::Outcome::TimedOut, error);
  if (result.ended_by == EndedBy::SilenceLimit) return end(store::Outcome::Stalled, error);
  if (result.over_budget) return end(store::Outcome::OverBudget, error);
  if (!result.denials.empty()) {
    return end(store::Outcome::Denied,
               log_.redactor()(fmt::format("the agent was denied: {}", join(result.denials, ", "))));
  }
  if (!result.success) end(store::Outcome::Failed, error.empty() ? "the agent failed" : error);
}

void RunSession::collect(const LaunchResult& result) {
  store::RunRecord& record = live_.record();
  const git::ObjectId before = workspace_->head();
  std::vector<git::CommitInfo> own_commits;
  if (before != start_->commit && services_.repository.is_ancestor(start_->commit, before)) {
    for (const git::CommitInfo& commit : services_.repository.history(before, 0)) {
      if (services_.repository.is_ancestor(commit.id, start_->commit)) break;
      own_commits.insert(own_commits.begin(), commit);
    }
  }
  text_ = describe_work(read_artifact(workspace_->artifacts(), "pull-request.md"), own_commits,
                        result.final_text);
  if (text_.summary.empty()) text_.summary = request_.task_title;
  for (std::string* text : {&text_.summary, &text_.description}) *text = valid_utf8(log_.redactor()(*text));
  const KeptWork work = keep_work(services_, *workspace_, request_.definition.name, request_.run_id,
                                  start_->commit, pull_request_title(request_.definition, text_.summary));
  head_ = work.head;
  if (ended()) return;
  if (work.problem) return end(store::Outcome::Failed, *work.problem);
  const auto changes = services_.repository.changes(start_->commit, *head_);
  if (request_.definition.output != OutputKind::PullRequest) {
    if (!changes.empty()) {
      end(store::Outcome::Denied,
          fmt::format("changed {} although it may only report", changes.front().path));
    }
    return;
  }
  if (changes.empty()) {
    record.summary = text_.summary;
    return end(store::Outcome::NoChanges, "");
  }
  const auto private_files = workspace_->committed_private_files(start_->commit, request_.definition.copy);
  if (!private_files.empty()) {
    return end(store::Outcome::Denied,
               fmt::format("committed {}, which must stay on this machine", private_files.front()));
  }
  for (const git::FileChange& change : changes) {
    const auto& scope = request_.definition.paths;
    const auto outside = [&](const std::string& path) {
      return !scope.empty() && std::none_of(scope.begin(), scope.end(), [&](const std::string& glob) {
        return matches_path_glob(glob, path);
      });
    };
    if (outside(change.path) || outside(change.old_path)) {
      return end(store::Outcome::Denied,
                 fmt::format("changed {}, which is outside its paths ({})", change.path, join(scope, ", ")));
    }
  }
  record.summary = text_.summary;
  record.patch_id = services_.repository.patch_id(start_->base_commit, *head_).value_or("");
  if (const auto known =
          known_change(services_, request_.definition.name, record.patch_id, own_open_, earlier_runs_)) {
    if (const auto& pull = known->pull_request)
      record.pull_request = store::PullRequestReference{pull->number, pull->url, pull->state};
    // A changeling has nothing new to say then; a task is not done by what people do not want.
    const bool refused = !record.task.empty() && !known->pull_request;
    end(refused ? store::Outcome::Failed : store::Outcome::NoChanges, known->sentence);
  }
}

void RunSession::report(const LaunchResult& result) {
  std::string text = read_artifact(workspace_->artifacts(), "report.md");
  if (trim(text).empty()) text = result.final_text;
  text = valid_utf8(log_.redactor()(text));
  if (trim(text).empty()) return end(store::Outcome::Failed, "the agent wrote no report");
  write_file(live_.files().artifacts() / "report.md", text);
  if (request_.definition.output == OutputKind::Issue) {
    const WorkText parts = describe_work(text, {}, "");
    try {
      fence();
      live_.record().report_url =
          services_.forge.open_issue(pull_request_title(request_.definition, parts.summary),
                                     parts.description, request_.definition.labels);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::Refused) throw;
      if (observer_.on_message) observer_.on_message(fmt::format("{}; the report stays here", error.what()));
    }
  }
  end(store::Outcome::Reported, "");
}

void RunSession::verify() {
  if (request_.definition.verify.empty()) return;
  step("verify");
  SequenceResult result = run_commands(
      {request_.definition.verify, workspace_->path(), environment_, request_.run_id,
       request_.definition.timeout, &live_server_},
      true, [this] { return stop_reason(); }, log_);
  live_.record().verification = std::move(result.results);
  if (end_if_stopped(result.ended_by) || result.passed) return;
  const auto& all = live_.record().verification;
  const auto failed = std::find_if(all.begin(), all.end(), [](const auto& one) { return !one.passed; });
  const std::string error = fmt::format("'{}' ended with exit code {}", failed->command, failed->exit_code);
  if (request_.definition.draft_on_failure && !start_->continues) propose();
  end(store::Outcome::VerificationFailed, error);
}

void RunSession::accept() {
  if (request_.acceptance.empty()) return;
  step("accept");
  queue::Task task;
  task.acceptance = request_.acceptance;
  AcceptancePlace place;
  place.work_tree = workspace_->path();
  place.artifacts = workspace_->artifacts();
  EndedBy ended_by = EndedBy::Itself;
  const auto run_line = [&](const std::string& line) -> std::optional<std::string> {
    if (ended_by == EndedBy::UserRequest || ended_by == EndedBy::LostLease) return "not checked";
    SequenceResult run = run_commands(
        {{line}, workspace_->path(), environment_, request_.run_id, request_.definition.timeout}, true,
        [this] { return stop_reason(); }, log_);
    ended_by = run.ended_by;
    live_.record().verification.push_back(run.results.front());
    if (run.passed) return std::nullopt;
    const store::VerificationResult& failed = run.results.front();
    const std::string output = last_part(failed.output, 200);
    const std::string_view printed = trim(output);
    return fmt::format("'{}' ended with exit code {}{}{}", failed.command, failed.exit_code,
                       printed.empty() ? "" : ": ", printed);
  };
  const queue::CompletionCheck check = check_acceptance(task, {}, place, run_line);
  if (ended_by == EndedBy::UserRequest || ended_by == EndedBy::LostLease) {
    live_.record().outcome.reset();
    end_if_stopped(ended_by);
  } else if (!check.unmet.empty()) {
    end(store::Outcome::VerificationFailed, fmt::format("the task is not done: {}", join(check.unmet, "; ")));
  }
}

void RunSession::propose() {
  store::RunRecord& record = live_.record();
  const bool verified = std::all_of(record.verification.begin(), record.verification.end(),
                                    [](const auto& result) { return result.passed; });
  forge::BodyContent content;
  content.summary = text_.description.empty() ? text_.summary : text_.description;
  if (!record.task.empty()) content.summary += fmt::format("\n\nTask: `{}`", record.task);
  content.verification = record.verification;
  content.agent = record.agent;
  content.duration = services_.clock.now() - record.started_at;
  content.turns = record.turns;
  content.tokens = record.tokens;
  content.cost_usd = record.cost_usd;
  content.changeling = record.changeling;
  content.run = record.id;
  content.patch_id = record.patch_id;
  content.closes = request_.closes_issue;
  const auto outcome = start_->continues ? store::Outcome::UpdatedPr : store::Outcome::OpenedPr;
  const Publication publication{request_.definition,
                                *start_,
                                *head_,
                                branch_,
                                pull_request_title(request_.definition, text_.summary),
                                forge::compose_body(content),
                                record.patch_id,
                                request_.definition.draft || !verified,
                                request_.task,
                                request_.task_token,
                                verified ? std::optional(outcome) : std::nullopt};
  Observer observer = observer_;
  observer.on_step = [this](std::string_view name) { step(name); };
  const Published published = publish(services_, observer, publication, record.id, [this] { fence(); });
  const forge::PullRequest& pull = published.pull_request;
  record.pull_request = store::PullRequestReference{pull.number, pull.url, pull.state};
  record.branch = published.branch;
  record.head = head_->hex();
  if (verified) end(outcome, "");
}

void RunSession::clean_up() {
  step("clean");
  store::RunRecord& record = live_.record();
  if (!workspace_) return;
  try {
    const bool checked = head_ && !record.verification.empty();
    if (checked && workspace_->head() == *head_) workspace_->discard_changes();
    if (!head_) head_ = keep_work(services_, *workspace_, record.changeling, record.id, start_->commit).head;
    for (const std::string& file :
         keep_artifacts(workspace_->artifacts(), live_.files().artifacts(), log_.redactor())) {
      if (observer_.on_message)
        observer_.on_message(fmt::format("the artifact {} is too large to be kept", file));
    }
    if (const auto stays = workspace_->remove(head_)) {
      if (observer_.on_message) observer_.on_message("the worktree stays: " + *stays);
      if (record.error.empty()) record.error = *stays;
    }
    const bool proposed_elsewhere =
        record.pull_request && (record.branch != branch_ || services_.forge.needs_pushed_branch());
    // What an agent changed although it may only report is not work.
    const bool unwanted = request_.definition.output != OutputKind::PullRequest;
    const auto safe_start = proposed_elsewhere || unwanted ? head_ : std::optional(start_->commit);
    const bool kept = drop_branch_without_work(services_, branch_, safe_start);
    if (record.branch.empty() && kept && head_) {
      record.branch = branch_;
      record.head = head_->hex();
    }
  } catch (const std::exception& error) {
    if (observer_.on_message) observer_.on_message(fmt::format("could not clean up: {}", error.what()));
  }
}

void RunSession::step(std::string_view name) {
  progress_.step = name;
  log_.note(fmt::format("== {}", name));
  write_progress(live_.files(), progress_);
  if (observer_.on_step) observer_.on_step(name);
  live_server_.serve();
}

void RunSession::note_message(const std::string& from, const std::string& text) {
  const std::string shown = valid_utf8(fmt::format("message from {}: {}", from, text));
  log_.note(shown);
  if (request_.agent.launcher == LauncherKind::Command) {
    log_.transcript(shown + "\n");
  } else {
    // Of these agents the transcript has a JSON object a line.
    log_.transcript(Json{{"type", "message"}, {"from", from}, {"text", text}}.dump(
                        -1, ' ', false, Json::error_handler_t::replace) +
                    "\n");
  }
}

void RunSession::end(store::Outcome outcome, const std::string& error) {
  live_.record().outcome = outcome;
  live_.record().error = valid_utf8(log_.redactor()(error));
  log_.note(fmt::format("== {}{}{}", to_string(outcome), error.empty() ? "" : ": ", error));
}

EndedBy RunSession::stop_reason() {
  if (observer_.stop_requested && observer_.stop_requested()) return EndedBy::UserRequest;
  if (live_server_.stop_requested()) return EndedBy::UserRequest;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_lease_check_) return EndedBy::Itself;
  next_lease_check_ = now + lease_check_interval;
  if (std::filesystem::exists(live_.files().stop_request())) return EndedBy::UserRequest;
  return holds_lease(ClaimMoment::Working) ? EndedBy::Itself : EndedBy::LostLease;
}

bool RunSession::holds_lease(ClaimMoment moment) {
  return live_.holds_lease(services_) && (!request_.holds_claim || request_.holds_claim(moment));
}

bool RunSession::end_if_stopped(EndedBy ended_by) {
  if (ended_by == EndedBy::UserRequest) end(store::Outcome::Killed, "stopped by the user");
  if (ended_by == EndedBy::LostLease) end(store::Outcome::LostLease, "another run took over");
  return ended();
}

/// What other machines have published decides, too. A remote that cannot be reached takes no push either.
void RunSession::catch_up() {
  if (services_.publisher == nullptr) return;
  try {
    const FileLock lock = services_.publisher->begin();
    services_.publisher->catch_up();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Unavailable) throw;
    if (observer_.on_message) observer_.on_message(error.what());
  }
}

void RunSession::fence() {
  catch_up();
  if (holds_lease(ClaimMoment::Publishing)) return;
  end(store::Outcome::LostLease, "another run took over before this one could publish");
  throw Error(ErrorKind::Conflict, live_.record().error);
}

}  // namespace changeling::run
