#include <fmt/format.h>

#include <algorithm>

#include "run/artifacts.hpp"
#include "run/delivery.hpp"
#include "run/equipment_files.hpp"
#include "run/lfs_hand_over.hpp"
#include "run/protected_change.hpp"
#include "run/publication.hpp"
#include "run/reference_guard.hpp"
#include "run/request_body.hpp"
#include "run/run_session.hpp"
#include "run/secret_check.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

// The second half of a run: what came of the agent's work, whether it holds, and how it leaves the machine.
namespace changeling::run {

namespace {

/// More are counted only: the record is read with every list of runs.
constexpr std::size_t most_refused_tools = 20;

std::vector<std::string> refused_tools(const std::vector<std::string>& denials, const Redactor& redactor) {
  std::vector<std::string> tools;
  for (const std::string& denial : denials) {
    std::string tool = without_controls(valid_utf8(redactor(denial)));
    if (std::find(tools.begin(), tools.end(), tool) == tools.end()) tools.push_back(std::move(tool));
  }
  if (tools.size() <= most_refused_tools) return tools;
  const std::size_t more = tools.size() - most_refused_tools;
  tools.resize(most_refused_tools);
  tools.push_back(fmt::format("{} more", more));
  return tools;
}

/// Where work lies that is on no branch of the run: on new branches, tags and stashes of the agent's own.
/// Empty when there is none.
std::string work_elsewhere(const std::vector<store::MovedReference>& moved) {
  std::vector<std::string> places;
  for (const store::MovedReference& reference : moved) {
    const bool is_new = reference.before.empty() && !reference.after.empty() && !reference.put_back;
    if (is_new && reference.name.starts_with("refs/"))
      places.push_back(fmt::format("{} at {}", reference.name, reference.after.substr(0, 10)));
  }
  if (places.empty()) return "";
  return fmt::format("the agent left its work elsewhere, where it stays: {}", join(places, ", "));
}

}  // namespace

void RunSession::note_what_it_told(const LaunchResult& result) {
  store::RunRecord& record = live_.record();
  record.exit_code = result.exit_status.code || result.exit_status.signal
                         ? std::optional(result.exit_status.shell_code())
                         : std::nullopt;
  record.session_id = result.session_id;
  record.turns = result.totals.turns;
  record.tokens = result.totals.tokens;
  record.cost_usd = result.totals.cost_usd;
  record.refused = refused_tools(result.denials, log_.redactor());
  for (const std::string& remark : result.remarks) {
    const std::string shown = valid_utf8(log_.redactor()(remark));
    log_.note(shown);
    if (observer_.on_message) observer_.on_message(shown);
  }
}

void RunSession::judge(const LaunchResult& result) {
  note_what_it_told(result);
  std::string error = log_.redactor().part(result.error);
  if (!error.empty()) error += unanswered();
  if (end_if_stopped(result.ended_by)) return;
  if (result.ended_by == EndedBy::TimeLimit) return end(store::Outcome::TimedOut, error);
  if (result.ended_by == EndedBy::SilenceLimit) return end(store::Outcome::Stalled, error);
  if (result.over_budget) return end(store::Outcome::OverBudget, error);
  const auto& refused = live_.record().refused;
  const bool fails = result.waits_for_permission || request_.definition.refusals == RefusalPolicy::Fail;
  if (fails && !refused.empty())
    return end(store::Outcome::Denied, fmt::format("the agent was denied: {}", join(refused, ", ")));
  if (!result.success) end(store::Outcome::Failed, error.empty() ? "the agent failed" : error);
}

void RunSession::check_references() {
  auto& all = live_.record().moved_refs;
  std::vector<std::string> trespasses;
  for (store::MovedReference& moved : put_references_back(services_, live_.files(), noted_, branch_, head_)) {
    const auto known = [&](const store::MovedReference& other) {
      return other.name == moved.name && other.after == moved.after;
    };
    if (std::any_of(all.begin(), all.end(), known)) continue;
    for (std::string* value : {&moved.before, &moved.after}) *value = valid_utf8(log_.redactor()(*value));
    const std::string sentence = describe(moved);
    log_.note("moved: " + sentence);
    if (is_trespass(moved)) trespasses.push_back(sentence);
    all.push_back(std::move(moved));
  }
  const std::string elsewhere = work_elsewhere(all);
  const std::string error = live_.record().error;
  const bool is_news = !elsewhere.empty() && error.find(elsewhere) == std::string::npos;
  if (is_news && live_.record().outcome == store::Outcome::NoChanges) {
    if (observer_.on_message) observer_.on_message(elsewhere);
    end(store::Outcome::NoChanges, error.empty() ? elsewhere : error + "; " + elsewhere);
  }
  if (trespasses.empty() || (ended() && !is_success(*live_.record().outcome))) return;
  end(store::Outcome::Denied,
      fmt::format("the agent moved what is not its run's: {}", join(trespasses, ", ")));
}

void RunSession::collect(const LaunchResult& result) {
  store::RunRecord& record = live_.record();
  if (!workspace_->is_gone()) workspace_->collect();
  const git::ObjectId before =
      workspace_->is_gone() ? services_.repository.resolve("refs/heads/" + branch_).value_or(start_->commit)
                            : workspace_->head();
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
  for (std::string* text : {&text_.summary, &text_.description})
    *text = valid_utf8(log_.redactor().part(*text));
  const KeptWork work = keep_work(services_, *workspace_, request_.definition.name, request_.run_id,
                                  start_->commit, pull_request_title(request_.definition, text_.summary));
  head_ = work.head;
  if (!work.kept.empty()) {
    kept_elsewhere_ = describe(work.kept);
    if (observer_.on_message) observer_.on_message(kept_elsewhere_);
  }
  if (ended()) return;
  if (work.problem)
    return end(work.is_denied ? store::Outcome::Denied : store::Outcome::Failed, *work.problem);
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
    if (const auto left = work_left_in_submodules()) return end(store::Outcome::Failed, *left);
    if (record.refused.empty()) return end(store::Outcome::NoChanges, "");
    return end(store::Outcome::Denied,
               fmt::format("changed nothing and was denied: {}", join(record.refused, ", ")));
  }
  const auto private_files =
      workspace_->committed_private_files(start_->commit, private_paths(request_.definition, request_.agent));
  if (!private_files.empty()) {
    return end(store::Outcome::Denied,
               fmt::format("committed {}, which must stay on this machine", private_files.front()));
  }
  if (const auto problem = protected_change(changes, request_.definition.paths))
    return end(store::Outcome::Denied, *problem);
  if (const auto problem = change_outside(changes, request_.definition.paths))
    return end(store::Outcome::Denied, *problem);
  record.summary = text_.summary;
  record.patch_id = services_.repository.patch_id(start_->base_commit, *head_).value_or("");
  end_if_known();
}

std::optional<std::string> RunSession::work_left_in_submodules() const {
  for (const UncommittedFile& file : workspace_->uncommitted_in_submodules()) {
    if (std::find(left_by_setup_.begin(), left_by_setup_.end(), file) != left_by_setup_.end()) continue;
    return fmt::format(
        "the agent left changes in the submodule {} uncommitted, which cannot be proposed; they stay in {}",
        file.repository, workspace_->path().string());
  }
  return std::nullopt;
}

void RunSession::end_if_known() {
  store::RunRecord& record = live_.record();
  unasked_.clear();
  auto others = own_open_;
  // One that is made anew has to lose its old commits, even if the change is the same.
  if (start_->replaces)
    std::erase_if(others, [&](const auto& pull) { return pull.number == start_->continues->number; });
  try {
    const auto known =
        known_change(services_, request_.definition.name, record.patch_id, others, earlier_runs_);
    if (!known) return;
    if (const auto& pull = known->pull_request)
      record.pull_request = store::PullRequestReference{pull->number, pull->url, pull->state};
    // A changeling has nothing new to say then; a task is not done by what people do not want.
    const bool refused = !record.task.empty() && !known->pull_request;
    end(refused ? store::Outcome::Failed : store::Outcome::NoChanges, known->sentence);
  } catch (const Error& error) {
    // The work is done; a forge that does not answer must not undo it.
    if (error.kind() == ErrorKind::Interrupted) throw;
    unasked_ = with_hint(error);
    if (observer_.on_message) observer_.on_message(error.what());
  }
}

void RunSession::report(const LaunchResult& result) {
  std::string text = read_artifact(workspace_->artifacts(), "report.md");
  if (trim(text).empty()) text = result.final_text;
  text = valid_utf8(log_.redactor().part(text));
  if (trim(text).empty()) return end(store::Outcome::Failed, "the agent wrote no report");
  write_file(live_.files().artifacts() / "report.md", text);
  report_ = text;
  if (request_.definition.output == OutputKind::Issue && request_.hand_over.empty()) file_issue();
  if (!ended()) end(store::Outcome::Reported, "");
}

void RunSession::file_issue() {
  try {
    live_.record().report_url =
        deliver(services_, observer_, report_entry(request_.definition, request_.run_id, report_), [this] {
          fence();
        }).pull_request.url;
  } catch (const Error& error) {
    if (ended()) return;
    if (error.kind() != ErrorKind::Refused) throw;
    if (observer_.on_message) observer_.on_message(fmt::format("{}; the report stays here", error.what()));
  }
}

void RunSession::leave_for_others(bool verified) {
  if (const auto problem = lfs_objects_too_large(services_, start_->base_commit, *head_))
    return end(store::Outcome::Failed, *problem);
  store::RunRecord& record = live_.record();
  record.branch = start_->continues ? start_->continues->branch : branch_;
  record.head = head_->hex();
  leaves_work_ = true;
  if (verified) end(start_->continues ? store::Outcome::UpdatedPr : store::Outcome::OpenedPr, "");
}

void RunSession::propose() {
  store::RunRecord& record = live_.record();
  if (!unasked_.empty()) end_if_known();
  if (ended()) return;
  if (const auto secret = secret_in_work(services_, *start_, *head_, log_.redactor()))
    return end(store::Outcome::Denied, *secret);
  const bool verified = is_verified(record);
  if (!request_.hand_over.empty()) return leave_for_others(verified);
  forge::BodyContent content =
      request_body(record, text_, request_.definition, services_.clock.now() - record.started_at);
  content.closes = request_.closes_issue;
  // What stands in a task was written by anybody, and agents repeat what they read.
  if (!request_.task.empty()) content.closing_words = forge::ClosingWords::Nobodys;
  const auto outcome = start_->continues ? store::Outcome::UpdatedPr : store::Outcome::OpenedPr;
  const Publication publication{request_.definition,
                                *start_,
                                *head_,
                                branch_,
                                content.title,
                                forge::compose_body(content),
                                record.patch_id,
                                request_.definition.draft || !verified || needs_a_look(record),
                                request_.task,
                                request_.task_token,
                                verified ? std::optional(outcome) : std::nullopt,
                                unasked_};
  Observer observer = observer_;
  observer.on_step = [this](Step next) { step(next); };
  const Published published = publish(services_, observer, publication, record.id, [this] { fence(); });
  const forge::PullRequest& pull = published.pull_request;
  record.pull_request = store::PullRequestReference{pull.number, pull.url, pull.state};
  record.branch = published.branch;
  record.head = head_->hex();
  if (published.outcome) end(*published.outcome, published.not_taken);
}

}  // namespace changeling::run
