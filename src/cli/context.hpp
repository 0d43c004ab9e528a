#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/damage_report.hpp"
#include "cli/transfer_line.hpp"
#include "forge/forge.hpp"
#include "forge/http.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "git/work_tree.hpp"
#include "run/services.hpp"
#include "store/event_log.hpp"
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
#include "support/terminal.hpp"
#include "work/alerts.hpp"

namespace changeling::cli {

/// What the user said before and around the command.
struct GlobalOptions {
  std::vector<std::string> directories;  ///< -C, applied one after the other.
  bool json = false;
  bool quiet = false;
  bool no_pager = false;
};

/// What commands work with. Everything is opened when it is first asked for, so that a command pays only for
/// what it uses.
class Context {
 public:
  Context(Environment environment, GlobalOptions options);

  const Environment& environment() const { return environment_; }
  const Terminal& terminal() const { return terminal_; }
  const GlobalOptions& options() const { return options_; }
  const Clock& clock() const { return clock_; }
  ProcessRunner& processes() { return processes_; }
  /// What everything that waits for a network asks. At first it asks interrupted().
  Interruption& interruption() { return interruption_; }

  git::Repository& repository();
  const git::GitProgram& git();
  /// The work tree that git uses here; see git::opened_work_tree. Asks git anew each time.
  std::optional<git::WorkTree> work_tree();
  /// From now on a fetch or push of the state that takes its time is shown on the terminal; for commands that
  /// show nothing else meanwhile. Nothing with --quiet and --json.
  void show_transfers();
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
  store::EventLog& events();
  /// The work queue; what happens to its tasks goes to events().
  store::TaskQueue& tasks();
  /// What makes claims hold on every machine; null when nothing is shared by itself.
  store::Publisher* publisher();
  const run::Places& places();
  forge::Forge& forge();
  /// The remote that the state is shared with and branches go to, see store::choose_remote; "" for none,
  /// which is said when there are some to choose from.
  const std::string& remote();
  const run::Services& services();

  /// Writes an event to events() and starts the user's alerts for it. What has been done stays done when
  /// neither succeeds.
  void announce(std::string_view event, const nlohmann::json& fields);
  /// The events of changes of tasks, as store::each_task_event, in one step.
  void announce_tasks(const std::vector<store::TaskChange>& changes);
  /// Waits for alerts that are under way, for a process that ends without destructors.
  void finish_alerts();

  /// One line on standard error, unless --quiet.
  void message(std::string_view text) const;

 private:
  /// The folder that -C leads to.
  std::filesystem::path start_folder() const;
  void announce(const std::vector<store::EventLog::Event>& all);
  work::Alerts& alerts();
  const std::shared_ptr<store::RecordIndex>& record_index();
  store::PullRequestIndex& request_index();

  Environment environment_;
  GlobalOptions options_;
  Terminal terminal_;
  SystemClock clock_;
  SystemProcessRunner processes_;
  Interruption interruption_;
  Interruption::Scope signals_;
  forge::CurlHttpClient http_{interruption_};
  std::optional<git::Repository> repository_;
  std::optional<git::GitProgram> git_;
  TransferLine transfer_line_{terminal_};
  std::optional<store::Store> store_;
  DamageReport damage_{*this};
  std::optional<run::Places> places_;
  bool has_named_unknown_settings_ = false;
  std::optional<store::EventLog> events_;
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
  std::optional<run::Services> services_;
  std::optional<work::Alerts> alerts_;  ///< Last: its end waits, and may still say something.
};

}  // namespace changeling::cli
