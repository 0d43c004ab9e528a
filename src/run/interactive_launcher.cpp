#include "run/interactive_launcher.hpp"

#include <fmt/format.h>

#include "run/supervisor.hpp"
#include "sandbox/confine.hpp"
#include "support/error.hpp"
#include "support/terminal_loan.hpp"

namespace changeling::run {
namespace {

Command interactive_command(const Launcher& launcher, const LaunchRequest& request) {
  Command command = launcher.interactive_command(request).value();
  command.standard_input.clear();
  command.session = Session::Terminal;
  return command;
}

ChildProcess start(const Launcher& launcher, const LaunchRequest& request) {
  try {
    return ChildProcess::start(sandbox::confine(interactive_command(launcher, request), request.walls),
                               ChildProcess::StandardInput::Null);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
    throw Error(ErrorKind::NotFound, fmt::format("agent '{}': {}", request.agent.name, error.what()),
                error.hint());
  }
}

}  // namespace

void require_interactive(const AgentType& agent) {
  if (launcher_of(agent).at_terminal == AtTerminal::Refused) {
    throw Error(ErrorKind::Refused,
                fmt::format("the agent '{}' runs at {} and cannot use this terminal", agent.name,
                            to_string(agent.launcher)),
                "start it without --interactive, then: git changeling attach RUN");
  }
  require_terminal_in_foreground();
}

LaunchResult InteractiveLauncher::launch(const LaunchRequest& request, const LaunchObserver& observer) {
  require_interactive(request.agent);
  Watchdog watchdog({.time = request.timeout, .silence = {}, .grace_after_result = {}},
                    std::chrono::steady_clock::now());
  TerminalLoan loan;
  ChildProcess child = start(*launcher_, request);
  SupervisionHooks hooks;
  hooks.stop_requested = observer.stop_requested;
  hooks.live = observer.live;
  hooks.on_stop = [&] { loan.suspend(child.pid()); };
  const ReceivingMessages receiving(observer.live, [](const std::string&) -> std::optional<std::string> {
    return "the agent talks with the person at its terminal";
  });
  const Supervision supervision = supervise(child, request.run_id, watchdog, hooks);

  LaunchResult result;
  result.ended_by = supervision.ended_by;
  result.exit_status = supervision.exit_status;
  if (supervision.ended_by != EndedBy::Itself || supervision.exit_status.signal) loan.calm_display();
  if (supervision.ended_by != EndedBy::Itself) {
    result.error = describe(supervision.ended_by, limits_of(request));
  } else if (!supervision.exit_status.success()) {
    result.error =
        fmt::format("agent '{}' ended with {}", request.agent.name, supervision.exit_status.describe());
  }
  result.success = result.error.empty();
  return result;
}

}  // namespace changeling::run
