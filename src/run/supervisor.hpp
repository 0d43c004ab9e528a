#pragma once

#include <string>

#include "run/launcher.hpp"
#include "run/live_server.hpp"
#include "run/watchdog.hpp"

namespace changeling::run {

/// How a supervised program ended.
struct Supervision {
  EndedBy ended_by = EndedBy::Itself;
  ExitStatus exit_status;
};

struct SupervisionHooks {
  /// Given what the program prints; they tell the watchdog what counts as activity.
  ChildProcess::OnOutput on_output;
  ChildProcess::OnOutput on_error;
  StopRequest stop_requested;  ///< May be empty.
  LiveServer* live = nullptr;  ///< Served as soon as somebody wants something; may be null.
  /// Whether the program waits for its user, which is no silence; asked as often as the stop request. May be
  /// empty.
  std::function<bool()> waits_for_answer = {};
  std::function<void()> on_stop = {};  ///< The program was stopped from its terminal (Ctrl-Z).
};

/// Reads the program's output until it ends or the watchdog or the stop request ends it: TERM to its group,
/// KILL three seconds later to all that it has started. Then ends everything the run left behind (see
/// end_processes_of_run), also when a hook throws. Sleeps until output, a visitor of the run, the end, or the
/// next deadline; the stop request is asked in between. The program has ended on return.
Supervision supervise(ChildProcess& child, const std::string& run_id, Watchdog& watchdog,
                      const SupervisionHooks& hooks);

/// Ends all processes that were started with CHANGELING_RUN=run_id, wherever they have gone: TERM, then KILL
/// after two seconds to those that are still there and to what they have started meanwhile.
void end_processes_of_run(const std::string& run_id);

}  // namespace changeling::run
