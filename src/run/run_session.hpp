#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forge/forge.hpp"
#include "project/named_secrets.hpp"
#include "run/agent_environment.hpp"
#include "run/check_room.hpp"
#include "run/launcher.hpp"
#include "run/live_run.hpp"
#include "run/live_server.hpp"
#include "run/progress_file.hpp"
#include "run/prompt.hpp"
#include "run/pull_request_text.hpp"
#include "run/questions.hpp"
#include "run/run_log.hpp"
#include "run/run_metrics.hpp"
#include "run/run_walls.hpp"
#include "run/runner.hpp"
#include "run/starting_point.hpp"
#include "run/targets.hpp"
#include "run/verification.hpp"
#include "run/work.hpp"
#include "run/workspace.hpp"

namespace changeling::run {

/// The steps of one run, each taking the record a bit further. Used by execute_run only; the order of the
/// members is the order of the steps. A step that ends the run sets the record's outcome.
class RunSession {
 public:
  RunSession(const project::Services& services, const Observer& observer, const RunRequest& request,
             LiveRun& live);

  /// Everything up to the outcome. Errors become the outcome `failed`.
  void carry_out();
  /// After the outcome is decided: keeps the work on its branch and removes the worktree.
  void clean_up();
  /// After the record is finished: tells it to those who are attached.
  void announce_end() { live_server_.announce_end(live_.record()); }
  /// What the agent said about its work, redacted.
  const WorkText& text() const { return text_; }
  /// Whether there is work that is to be proposed by whoever the run is handed over to.
  bool leaves_work() const { return leaves_work_; }
  /// The report, redacted; empty unless the run has made one.
  const std::string& report_text() const { return report_; }

 private:
  void look_at_history();
  /// Throws Error(Refused) when a sandbox is required and cannot be had.
  void choose_walls();
  void note_refused_hosts();
  /// What this changeling should not choose again, from its own history and the fate of its pull requests.
  std::vector<RestingTarget> find_resting_targets() const;
  /// Why a start without a person has nothing to do: nobody has reviewed the pull request yet, and its base
  /// is what it was. Empty otherwise.
  std::string waits_for_review() const;
  void prepare();
  bool set_up();
  /// What an agent, or a check of its work, sees in `folder`.
  Environment surroundings(const std::filesystem::path& folder) const;
  /// Ends the run unless all commands passed.
  bool passed_setup(const SequenceResult& result);
  /// A fresh checkout of head_, set up like the agent's. False when that ended the run.
  bool open_check_room();
  LaunchResult launch();
  /// What the agent needs to ask its user, unless this run is where nobody answers.
  void open_questions(Environment& environment);
  void take_questions();
  void close_questions();
  /// See LiveServer::Answerer.
  bool answer(int question, const std::string& text, const std::string& from);
  /// ", and its question '…' has no answer" for the end of a sentence; empty without one.
  std::string unanswered() const;
  /// For whatever else needs the agent: whether it was let in.
  void note_login(const LaunchResult& result, Timestamp started);
  void judge(const LaunchResult& result);
  void note_what_it_told(const LaunchResult& result);
  /// What the agent has moved of the user's is put back and named; such a run is no success.
  void check_references();
  void collect(const LaunchResult& result);
  /// A sentence when the agent has left uncommitted work in a submodule, which no branch can show.
  std::optional<std::string> work_left_in_submodules() const;
  /// Ends the run when its change is proposed already, or was rejected. What cannot be asked now is asked
  /// again before the change is proposed.
  void end_if_known();
  void report(const LaunchResult& result);
  void verify();
  void accept();
  void propose();
  /// Instead: what is to be proposed is noted for whoever gets it (RunRequest::hand_over).
  void leave_for_others(bool verified);
  void file_issue();

  /// Of the artifacts those that are named, and of the log.
  void tell_what_is_left_out(const std::vector<std::string>& artifacts);
  void step(Step next);
  void tell(const std::optional<Progress>& metrics);
  void note_message(const std::string& from, const std::string& text);
  void end(store::Outcome outcome, const std::string& error);
  bool ended() const { return live_.record().outcome.has_value(); }
  bool holds_lease(ClaimMoment moment);
  std::string why_lease_is_lost() const;
  EndedBy stop_reason();
  /// The same for whoever waits for a program, which is asked several times a second.
  EndedBy look_up();
  /// What a fetch, a push or a request of this run is ended by: cheap, and without a network of its own.
  bool stopped_by_user();
  /// Whether everything has been switched off since; `stop_sentence_` then says so.
  bool is_switched_off();
  /// For the steps that are not the agent: the outcome of being stopped there. Returns whether it was.
  bool end_if_stopped(EndedBy ended_by);
  void catch_up();
  void fence();

  const project::Services& services_;
  const Observer& observer_;
  const RunRequest& request_;
  LiveRun& live_;
  project::NamedSecrets secrets_;
  Environment environment_;
  Environment check_environment_;  ///< The same for the check room,
  sandbox::Walls check_walls_;     ///< and what stands around it.
  std::string noted_;              ///< Of note_references().
  RunLog log_;
  LiveServer live_server_;
  std::vector<store::RunRecord> earlier_runs_;  ///< Those that worked on what is open now.
  std::vector<forge::PullRequest> own_open_;
  std::vector<RestingTarget> resting_;
  std::optional<StartingPoint> start_;
  std::optional<Workspace> workspace_;
  std::optional<CheckRoom> check_room_;
  RunWalls walls_;
  std::string branch_;
  std::string unasked_;  ///< Why nobody could say whether the change is known; empty when that was asked.
  std::optional<git::ObjectId> head_;
  std::vector<UncommittedFile> left_by_setup_;  ///< In submodules.
  WorkText text_;
  std::string report_;
  bool leaves_work_ = false;
  std::string kept_elsewhere_;  ///< Where commits of repositories inside the worktree are now.
  std::optional<Questions> questions_;
  LiveProgress progress_;
  RunMetrics metrics_;
  std::chrono::steady_clock::time_point next_lease_check_{};
  std::string stop_sentence_ = "stopped by the user";
  std::optional<Interruption::Scope> stops_transfers_;
};

}  // namespace changeling::run
