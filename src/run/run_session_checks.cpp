#include <fmt/format.h>

#include <algorithm>

#include "run/acceptance.hpp"
#include "run/foreign_task.hpp"
#include "run/run_session.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::run {

bool RunSession::open_check_room() {
  if (check_room_ && check_room_->head() == *head_) return true;
  const Definition& definition = request_.definition;
  check_room_.emplace(services_, request_.run_id, branch_, *head_, definition.copy);
  check_environment_ = surroundings(check_room_->path());
  check_walls_ = walls_.walls_around(check_room_->path(), workspace_->artifacts());
  if (definition.setup.empty()) return true;
  return passed_setup(run_commands(
      {definition.setup, check_room_->path(), check_environment_, request_.run_id, definition.timeout,
       &live_server_, check_walls_},
      false, [this] { return look_up(); }, log_));
}

void RunSession::verify() {
  if (request_.definition.verify.empty()) return;
  step(Step::Verify);
  if (!open_check_room()) return;
  SequenceResult result = run_commands(
      {request_.definition.verify, check_room_->path(), check_environment_, request_.run_id,
       request_.definition.timeout, &live_server_, check_walls_},
      true, [this] { return look_up(); }, log_);
  live_.record().verification = std::move(result.results);
  if (end_if_stopped(result.ended_by) || result.passed) return;
  const auto& all = live_.record().verification;
  const auto failed = std::find_if(all.begin(), all.end(), [](const auto& one) { return !one.passed; });
  const std::string error = fmt::format("'{}' ended with exit code {}", failed->command, failed->exit_code);
  std::string undelivered;
  try {
    if (request_.definition.draft_on_failure && !start_->continues) propose();
  } catch (const Error& problem) {
    if (ended() || problem.kind() == ErrorKind::Interrupted) throw;
    undelivered = fmt::format("; the draft: {}", with_hint(problem));
  }
  if (!ended()) end(store::Outcome::VerificationFailed, error + undelivered);
}

void RunSession::accept() {
  if (request_.acceptance.empty()) return;
  step(Step::Accept);
  // What has not become a commit is no work to be accepted.
  if (head_ && !open_check_room()) return;
  const std::filesystem::path folder = check_room_ ? check_room_->path() : workspace_->path();
  queue::Task task;
  task.acceptance = request_.acceptance;
  AcceptancePlace place;
  place.work_tree = folder;
  place.artifacts = workspace_->artifacts();
  EndedBy ended_by = EndedBy::Itself;
  const bool foreign = is_foreign_task(services_, request_.task);
  const auto run_line = [&](const std::string& line) -> std::optional<std::string> {
    if (ended_by == EndedBy::UserRequest || ended_by == EndedBy::LostLease) return "not checked";
    SequenceResult run = run_commands(
        {{line},
         folder,
         check_room_ ? check_environment_ : environment_,
         request_.run_id,
         request_.definition.timeout,
         nullptr,
         check_room_ ? check_walls_ : walls_.walls()},
        true, [this] { return look_up(); }, log_);
    ended_by = run.ended_by;
    if (foreign) run.results.front().output.clear();
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

}  // namespace changeling::run
