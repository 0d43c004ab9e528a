#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/event_log.hpp"
#include "forge/forge.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "git/work_tree.hpp"
#include "http/client.hpp"
#include "notify/alerts.hpp"
#include "project/damage_report.hpp"
#include "project/services.hpp"
#include "store/lease_watch.hpp"
#include "store/pull_request_index.hpp"
#include "store/record_index.hpp"
#include "store/run_index.hpp"
#include "store/store.hpp"
#include "store/sync.hpp"
#include "store/task_queue.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"
#include "support/interruption.hpp"
#include "support/process.hpp"

namespace changeling::project {

/// Where a project is looked for, and who is told what happens in it.
struct Opening {
  Environment environment;
  std::vector<std::string> directories = {};  ///< One applied after the other, from the current folder (-C).
  /// Gets sentences for people; may be empty. Nothing below the command line writes to a terminal.
  std::function<void(std::string_view)> on_message = {};
  /// Asked while something waits for a network whether to give up; may be empty.
  std::function<bool()> interrupted = {};
  /// Whether programs that are started for long waits may ask a person at this process's terminal.
  Session session = Session::Own;
  /// Global options that this program gets when it is started again for a part of the work.
  std::vector<std::string> own_options = {};
};

/// A repository with its changelings, without a terminal: what the command line, a server and everything
/// between them work with. Each part is opened when it is first asked for, so that a caller pays only for
/// what it uses.
class Project {
 public:
  explicit Project(Opening opening);
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  const Opening& opening() const { return opening_; }
  const Environment& environment() const { return opening_.environment; }
  const Clock& clock() const { return clock_; }
  ProcessRunner& processes() { return processes_; }
  /// What everything that waits for a network asks. At first it asks Opening::interrupted.
  Interruption& interruption() { return interruption_; }

  git::Repository& repository();
  const git::GitProgram& git();
  /// The work tree that git uses here; see git::opened_work_tree. Asks git anew each time.
  std::optional<git::WorkTree> work_tree();
  /// From now on a fetch or push of the state that takes its time is told.
  void watch_transfers(git::GitProgram::OnTransfer on_transfer);
  store::Store& store();
  /// Whether this process has changed the state.
  bool has_written() const { return store_ && store_->has_written(); }
  /// The store's content, empty before `init`.
  store::Snapshot snapshot();
  /// What answers questions about runs; brought up to the newest state by current_runs() only.
  store::RunIndex& run_index();
  /// The same, brought up; records of runs that cannot be read are noted.
  store::RunIndex& current_runs();
  /// What answers questions about the pull requests of the local forge, brought up to the newest state.
  store::PullRequestIndex& current_requests();
  /// What could not be read so far; said when it is noted.
  DamageReport& damage() { return damage_; }
  /// Throws Error(NotFound) with the hint to run init. The first call also names settings that mean nothing.
  void require_state();
  /// The event stream of this machine, see docs/events.md.
  events::EventLog& events();
  /// The work queue; what happens to its tasks goes to events().
  store::TaskQueue& tasks();
  /// What makes claims hold on every machine; null when nothing is shared by itself.
  store::Publisher* publisher();
  const Places& places();
  forge::Forge& forge();
  /// The remote that the state is shared with and branches go to, see store::choose_remote; "" for none,
  /// which is said when there are some to choose from.
  const std::string& remote();
  const Services& services();

  /// Writes an event to events() and starts the user's alerts for it. What has been done stays done when
  /// neither succeeds.
  void announce(std::string_view event, const nlohmann::json& fields);
  /// The events of changes of tasks, as store::each_task_event, in one step.
  void announce_tasks(const std::vector<store::TaskChange>& changes);
  /// Waits for alerts that are under way, for a process that ends without destructors.
  void finish_alerts();

  /// A sentence for people.
  void message(std::string_view text) const;

 private:
  /// The folder that -C leads to.
  std::filesystem::path start_folder() const;
  void announce(const std::vector<events::EventLog::Event>& all);
  notify::Alerts& alerts();
  const std::shared_ptr<store::RecordIndex>& record_index();
  store::PullRequestIndex& request_index();

  Opening opening_;
  SystemClock clock_;
  SystemProcessRunner processes_;
  Interruption interruption_;
  Interruption::Scope interrupted_;
  http::CurlHttpClient http_{interruption_};
  std::optional<git::Repository> repository_;
  std::optional<git::GitProgram> git_;
  std::optional<store::Store> store_;
  DamageReport damage_;
  std::optional<Places> places_;
  bool has_named_unknown_settings_ = false;
  std::optional<events::EventLog> events_;
  std::shared_ptr<store::RecordIndex> record_index_;
  std::optional<store::TaskIndex> index_;
  std::optional<store::RunIndex> run_index_;
  std::optional<store::PullRequestIndex> request_index_;
  std::unique_ptr<store::Sync> publisher_;
  std::optional<store::LeaseWatch> lease_watch_;
  std::optional<store::TaskQueue> tasks_;
  std::unique_ptr<forge::Forge> forge_;
  std::optional<std::string> remote_;
  std::vector<std::string> secrets_;
  std::optional<Services> services_;
  std::optional<notify::Alerts> alerts_;  ///< Last: its end waits, and may still say something.
};

}  // namespace changeling::project
