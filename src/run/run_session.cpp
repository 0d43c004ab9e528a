#include "run/run_session.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/branch_prefix.hpp"
#include "project/credentials.hpp"
#include "project/halt.hpp"
#include "project/missing_logins.hpp"
#include "run/artifacts.hpp"
#include "run/interactive_launcher.hpp"
#include "run/kept_heads.hpp"
#include "run/mngr_program.hpp"
#include "run/recovery.hpp"
#include "run/reference_guard.hpp"
#include "run/request_history.hpp"
#include "run/run_events.hpp"
#include "run/service_secrets.hpp"
#include "run/start_rules.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "support/withheld_tokens.hpp"

namespace changeling::run {
namespace {

// Claude Code has been seen to live on after its result; a well-behaved agent needs a second.
constexpr auto grace_after_result = std::chrono::seconds(10);
constexpr auto lease_check_interval = std::chrono::seconds(1);

std::vector<std::string> all_secrets(const project::Services& services, const Environment& environment,
                                     const RunRequest& request) {
  auto values = secret_values(environment, request.agent, request.definition);
  values.insert(values.end(), services.secrets.begin(), services.secrets.end());
  for (const auto& [name, value] : withheld_tokens()) values.push_back(value);
  for (std::string& value : service_secrets(services.environment)) values.push_back(std::move(value));
  return values;
}

Watched watched_behind(const sandbox::Walls& walls) {
  return walls.bubblewrap.empty() ? Watched::FilesAsWell : Watched::References;
}

/// What the definition's secrets and the agent's login come from.
project::NamedSecrets secrets_of(const project::Services& services, const RunRequest& request) {
  project::NamedSecrets secrets = project::named_secrets(services, request.definition.secrets);
  try {
    project::Credentials(services.environment).add_to(secrets.environment, request.agent);
  } catch (const Error& error) {
    secrets.problems.push_back(with_hint(error));
  }
  return secrets;
}

/// Whether the definition or its agent type says what to log in with.
bool brings_own_login(const RunRequest& request) {
  const auto variables = project::credential_variables(request.agent);
  return std::any_of(variables.begin(), variables.end(), [&](const std::string& variable) {
    const auto& secrets = request.definition.secrets;
    return request.definition.environment.contains(variable) ||
           request.agent.environment.contains(variable) ||
           std::find(secrets.begin(), secrets.end(), variable) != secrets.end();
  });
}

}  // namespace

RunSession::RunSession(const project::Services& services, const Observer& observer, const RunRequest& request,
                       LiveRun& live)
    : services_(services),
      observer_(observer),
      request_(request),
      live_(live),
      secrets_(secrets_of(services, request)),
      log_(live.files(), Redactor(all_secrets(services, secrets_.environment, request)), services.clock),
      live_server_(live.files(), live.record(),
                   [this](const std::string& from, const std::string& text) { note_message(from, text); }),
      walls_(services, request, live.files()),
      branch_(project::branch_prefix(services.repository).branch(request.definition.name, request.run_id)) {
  if (services.interruption != nullptr)
    stops_transfers_.emplace(*services.interruption, [this] { return stopped_by_user(); });
}

void RunSession::carry_out() {
  try {
    look_at_history();
    prepare();
    if (!ended() && set_up()) {
      const LaunchResult result = launch();
      step(Step::Collect);
      judge(result);
      collect(result);
      check_references();
      if (!ended() && request_.definition.output != OutputKind::PullRequest) report(result);
      if (!ended()) verify();
      // Without a change or a pull request the criteria are all that tells whether the task is done.
      if (!ended() || is_success(*live_.record().outcome)) accept();
      check_references();
      if (!ended()) propose();
    }
  } catch (const Error& error) {
    const bool interrupted = error.kind() == ErrorKind::Interrupted;
    live_.record().outage = error.kind() == ErrorKind::Unavailable;
    if (!ended()) end(interrupted ? store::Outcome::Killed : store::Outcome::Failed, with_hint(error));
  } catch (const std::exception& error) {
    // The record must be written whatever a library throws.
    if (!ended()) end(store::Outcome::Failed, error.what());
  }
}

void RunSession::look_at_history() {
  step(Step::History);
  if (!live_server_.problem().empty() && observer_.on_message) {
    observer_.on_message("nobody can attach to this run: " + live_server_.problem());
  }
  project::require_secrets(secrets_, request_.definition);
  choose_walls();
  if (request_.definition.output != OutputKind::PullRequest) return;
  RequestHistory history = look_at_requests(services_, observer_, live_.record());
  earlier_runs_ = std::move(history.earlier_runs);
  own_open_ = std::move(history.own_open);
  if (request_.task.empty()) resting_ = find_resting_targets();
}

void RunSession::choose_walls() {
  live_.record().walls = walls_.choose();
  log_.note(describe(live_.record().walls));
  if (walls_.remark().empty()) return;
  log_.note(walls_.remark());
  if (observer_.on_message) observer_.on_message(walls_.remark());
}

void RunSession::note_refused_hosts() {
  for (const std::string& host : walls_.take_refused_hosts()) {
    const std::string shown = log_.redactor()(host);
    log_.note(fmt::format("refused: {} is not among the hosts of this run's network", shown));
    live_.record().walls.refused.push_back(shown);
  }
}

std::vector<RestingTarget> RunSession::find_resting_targets() const {
  const std::string& changeling = request_.definition.name;
  // The forge is asked only by those who have something to learn.
  if (!services_.runs.has_targets(changeling)) return {};
  PullRequestFates fates;
  for (const forge::PullRequest& pull : own_open_) fates.open.insert(pull.number);
  const auto rejected = services_.runs.requests_of_changes(services_.forge.rejected_patch_ids(changeling));
  fates.rejected.insert(rejected.begin(), rejected.end());
  return resting_targets(services_.runs, changeling, fates, services_.clock.now());
}

std::string RunSession::waits_for_review() const {
  if (!is_unattended(request_.trigger) || !start_->continues) return "";
  const forge::PullRequest& pull = *start_->continues;
  for (const store::RunRecord& run : earlier_runs_) {
    const bool worked_on_it = run.pull_request && run.pull_request->number == pull.number;
    if (!worked_on_it || run.base_commit != start_->base_commit.hex() || run.head != pull.head) continue;
    return fmt::format("pull request {} waits for review, and {} has not moved since run {}", pull.number,
                       start_->base, run.id);
  }
  return "";
}

void RunSession::prepare() {
  step(Step::Fetch);
  store::RunRecord& record = live_.record();
  Observer observer = observer_;
  observer.on_message = [this](std::string_view sentence) {
    log_.note(sentence);
    if (observer_.on_message) observer_.on_message(sentence);
  };
  start_ = find_starting_point(services_, observer, request_.definition, branch_, own_open_, earlier_runs_);
  record.base = start_->base;
  record.base_commit = start_->base_commit.hex();
  record.start = start_->commit.hex();
  write_start_note(live_.files(), {record.base, record.base_commit, start_->commit.hex(), branch_});
  if (end_if_stopped(stop_reason())) return;
  if (const std::string reason = waits_for_review(); !reason.empty()) {
    return end(store::Outcome::NoChanges, reason);
  }

  step(Step::Worktree);
  workspace_ = Workspace::create(services_, request_.run_id, branch_, start_->commit, start_->base,
                                 start_->base_commit);
  start_->held.reset();
  workspace_->write_excludes(request_.definition.copy);
  if (const auto work_tree = services_.repository.work_tree()) {
    workspace_->copy_from(*work_tree, request_.definition.copy);
  }
  const PromptContext context{services_.repository.display_name(),
                              start_->base,
                              workspace_->artifacts(),
                              start_->continues.has_value(),
                              request_.task_text,
                              resting_,
                              request_.occasion,
                              request_.hand_over.empty()};
  const std::string prompt = compose_prompt(request_.definition, context);
  write_file(live_.files().prompt(), prompt, Outlives::Process);
  workspace_->write_scratch("prompt.md", prompt);
  workspace_->write_scratch("AGENTS.md",
                            scoped_instructions(request_.definition, context) + "\n" + request_.task_text);
  environment_ = surroundings(workspace_->path());
  walls_.build(workspace_->path(), environment_);
}

Environment RunSession::surroundings(const std::filesystem::path& folder) const {
  return agent_environment(secrets_.environment, request_.agent, request_.definition,
                           {request_.run_id, live_.record().task, folder, workspace_->scratch() / "prompt.md",
                            workspace_->artifacts(), live_.files().excludes(), services_.store.actor(),
                            live_.files().git_trace(), start_->base_commit.hex()});
}

bool RunSession::set_up() {
  if (request_.definition.setup.empty()) return true;
  step(Step::Setup);
  const SequenceResult result = run_commands(
      {request_.definition.setup, workspace_->path(), environment_, request_.run_id,
       request_.definition.timeout, &live_server_, walls_.walls()},
      false, [this] { return look_up(); }, log_);
  if (!passed_setup(result)) return false;
  left_by_setup_ = workspace_->uncommitted_in_submodules();
  return true;
}

bool RunSession::passed_setup(const SequenceResult& result) {
  if (end_if_stopped(result.ended_by)) return false;
  if (result.passed) return true;
  const store::VerificationResult& failed = result.results.back();
  end(store::Outcome::Failed, fmt::format("setup: '{}' ended with exit code {}: {}", failed.command,
                                          failed.exit_code, trim(last_part(failed.output, 200))));
  return false;
}

LaunchResult RunSession::launch() {
  step(Step::Launch);
  noted_ = note_references(services_, live_.files(), watched_behind(walls_.walls()));
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
  open_questions(launch.environment);
  launch.walls = walls_.walls();
  launch.timeout = definition.timeout;
  launch.silence_timeout = definition.silence_timeout;
  launch.grace_after_result = grace_after_result;

  // A command's output is its log; of the others the log tells what they do, the transcript has the rest.
  std::unique_ptr<Launcher> launcher = make_launcher(request_.agent.launcher, services_.processes);
  const bool plain_output = launcher->prints_its_log(request_.agent);
  if (request_.interactive) launcher = std::make_unique<InteractiveLauncher>(std::move(launcher));
  LaunchObserver watching;
  watching.on_transcript = [&](std::string_view bytes) {
    log_.transcript(bytes);
    if (plain_output) log_.output(bytes);
  };
  watching.on_progress = [&](const Progress& progress) {
    const std::string activity = log_.redactor().part(progress.activity);
    if (!plain_output && activity != progress_.progress.activity) log_.note(activity);
    progress_.progress = progress;
    progress_.progress.activity = activity;
    write_progress(live_.files(), progress_);
    metrics_.note(progress);
    if (observer_.on_progress) observer_.on_progress(progress_.progress);
  };
  watching.stop_requested = [this] {
    take_questions();
    tell(metrics_.due(std::chrono::steady_clock::now()));
    return look_up();
  };
  watching.waits_for_answer = [this] {
    // What was asked just before the agent's turn ended counts.
    take_questions();
    return questions_ && questions_->is_waited_for();
  };
  watching.live = &live_server_;
  announce_agent_started(services_, live_.record());
  const Timestamp started = services_.clock.now();
  try {
    LaunchResult result = launcher->launch(launch, watching);
    close_questions();
    note_login(result, started);
    note_refused_hosts();
    if (!plain_output && !result.final_text.empty()) log_.note(result.final_text);
    log_.flush();
    tell(metrics_.rest());
    announce_agent_ended(services_, live_.record(), result.success);
    return result;
  } catch (const Error&) {
    announce_agent_ended(services_, live_.record(), false);
    throw;
  }
}

void RunSession::note_login(const LaunchResult& result, Timestamp started) {
  // Nothing is wrong with the changeling.
  if (result.login_missing) live_.record().outage = true;
  // What a definition brings to log in with concerns no other.
  if (brings_own_login(request_)) return;
  const project::MissingLogins logins(services_.environment);
  try {
    if (result.login_missing) logins.note(request_.agent, started);
  } catch (const Error& error) {
    if (observer_.on_message) observer_.on_message(with_hint(error));
  }
  if (result.success) logins.forget(request_.agent);
}

void RunSession::clean_up() {
  step(Step::Clean);
  check_room_.reset();
  store::RunRecord& record = live_.record();
  note_refused_hosts();
  for (const std::string& sentence : walls_.take_down()) {
    log_.note(sentence);
    if (observer_.on_message) observer_.on_message(sentence);
  }
  if (!workspace_) return;
  // They have every argument that the agent gave to git, and the addresses of remotes.
  std::error_code ignored;
  for (const auto& file : {live_.files().git_trace(), live_.files().references()})
    std::filesystem::remove(file, ignored);
  try {
    if (!head_) head_ = keep_work(services_, *workspace_, record.changeling, record.id, start_->commit).head;
    const bool was_stopped = stopped_by_user();
    tell_what_is_left_out(keep_artifacts(workspace_->artifacts(), live_.files().artifacts(), log_.redactor(),
                                         [&] { return !was_stopped && stopped_by_user(); }));
    const auto stays = workspace_->remove(head_);
    if (stays) {
      if (observer_.on_message) observer_.on_message("the worktree stays: " + *stays);
      if (record.error.empty()) record.error = *stays;
    }
    if (record.error.find(kept_elsewhere_) == std::string::npos) {
      record.error += (record.error.empty() ? "" : "; ") + kept_elsewhere_;
    }
    const bool proposed_elsewhere =
        record.pull_request && (record.branch != branch_ || services_.forge.needs_pushed_branch());
    // What an agent changed although it may only report is not work.
    const bool unwanted = request_.definition.output != OutputKind::PullRequest;
    const auto safe_start = proposed_elsewhere || unwanted ? head_ : std::optional(start_->commit);
    // Whoever goes on in a worktree that stays needs its branch.
    const bool kept = drop_branch_without_work(services_, branch_, stays ? std::nullopt : safe_start);
    if (record.branch.empty() && kept && head_) {
      record.branch = branch_;
      record.head = head_->hex();
    }
    // What was sent is on the remote, and what waits is kept by the outbox.
    if (kept && head_ && !record.pull_request) keep_head(services_, record.id, branch_, *head_);
  } catch (const std::exception& error) {
    if (observer_.on_message) observer_.on_message(fmt::format("could not clean up: {}", error.what()));
  }
}

void RunSession::tell_what_is_left_out(const std::vector<std::string>& artifacts) {
  std::vector<std::string> sentences;
  if (artifacts.size() == 1)
    sentences.push_back(fmt::format("the artifact {} is too large to be kept", artifacts.front()));
  if (artifacts.size() > 1)
    sentences.push_back(
        fmt::format("{} or more artifacts are too large or too many to be kept, {} among them",
                    artifacts.size(), artifacts.front()));
  if (auto left_out = log_.left_out(); !left_out.empty()) sentences.push_back(std::move(left_out));
  for (const std::string& sentence : sentences) {
    log_.note(sentence);
    if (observer_.on_message) observer_.on_message(sentence);
  }
}

void RunSession::tell(const std::optional<Progress>& metrics) {
  if (metrics) announce_run_metrics(services_, live_.record(), *metrics);
}

void RunSession::step(Step next) {
  progress_.step = to_string(next);
  log_.note(fmt::format("== {}", progress_.step));
  write_progress(live_.files(), progress_);
  if (observer_.on_step) observer_.on_step(next);
  live_server_.serve();
}

void RunSession::note_message(const std::string& from, const std::string& text) {
  const std::string shown = valid_utf8(fmt::format("message from {}: {}", from, text));
  log_.note(shown);
  if (launcher_of(request_.agent).transcript == Transcript::Text) {
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

bool RunSession::stopped_by_user() {
  if (observer_.stop_requested && observer_.stop_requested()) return true;
  live_server_.serve();
  return live_server_.stop_requested() || std::filesystem::exists(live_.files().stop_request());
}

EndedBy RunSession::look_up() {
  log_.settle(std::chrono::steady_clock::now());
  return stop_reason();
}

EndedBy RunSession::stop_reason() {
  if (observer_.stop_requested && observer_.stop_requested()) return EndedBy::UserRequest;
  if (live_server_.stop_requested()) return EndedBy::UserRequest;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_lease_check_) return EndedBy::Itself;
  next_lease_check_ = now + lease_check_interval;
  if (std::filesystem::exists(live_.files().stop_request()) || is_switched_off()) return EndedBy::UserRequest;
  return holds_lease(ClaimMoment::Working) ? EndedBy::Itself : EndedBy::LostLease;
}

bool RunSession::is_switched_off() {
  const auto halt = project::find_halt(services_.repository, services_.places, services_.store.snapshot());
  if (halt) stop_sentence_ = halt->reason;
  return halt.has_value();
}

bool RunSession::holds_lease(ClaimMoment moment) {
  return live_.holds_lease(services_) && (!request_.holds_claim || request_.holds_claim(moment));
}

std::string RunSession::why_lease_is_lost() const {
  const std::string reason = request_.why_claim_is_lost ? request_.why_claim_is_lost() : "";
  return reason.empty() ? "another run took over" : reason;
}

bool RunSession::end_if_stopped(EndedBy ended_by) {
  if (ended_by == EndedBy::UserRequest) end(store::Outcome::Killed, stop_sentence_);
  if (ended_by == EndedBy::LostLease) end(store::Outcome::LostLease, why_lease_is_lost());
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
  if (is_switched_off()) {
    end(store::Outcome::Killed, stop_sentence_);
    throw Error(ErrorKind::Refused, stop_sentence_);
  }
  if (holds_lease(ClaimMoment::Publishing)) return;
  end(store::Outcome::LostLease, why_lease_is_lost() + "; nothing was published");
  throw Error(ErrorKind::Conflict, live_.record().error);
}

}  // namespace changeling::run
