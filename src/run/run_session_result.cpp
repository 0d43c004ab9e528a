#include <fmt/format.h>

#include <algorithm>

#include "forge/body.hpp"
#include "run/acceptance.hpp"
#include "run/artifacts.hpp"
#include "run/publication.hpp"
#include "run/run_session.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/path_glob.hpp"
#include "support/text.hpp"

// The second half of a run: what came of the agent's work, whether it holds, and how it leaves the machine.
namespace changeling::run {

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
  record.target = target_name(log_.redactor()(read_artifact(workspace_->artifacts(), "target")));
  for (std::string* text : {&text_.summary, &text_.description}) *text = valid_utf8(log_.redactor()(*text));
  const KeptWork work = keep_work(services_, *workspace_, request_.definition.name, request_.run_id,
                                  start_->commit, pull_request_title(request_.definition, text_.summary));
  head_ = work.head;
  if (!work.kept.empty()) {
    kept_elsewhere_ = describe(work.kept);
    if (observer_.on_message) observer_.on_message(kept_elsewhere_);
  }
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

}  // namespace changeling::run
