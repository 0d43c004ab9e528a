#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <thread>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/run_text.hpp"
#include "cli/syntax.hpp"
#include "project/local_runs.hpp"
#include "project/run_lookup.hpp"
#include "run/live_client.hpp"
#include "run/live_lookup.hpp"
#include "run/live_run.hpp"
#include "run/recovery.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "view/run.hpp"

namespace changeling::cli {
namespace {

// The agent gets a few seconds to end, then the record is written.
constexpr auto patience = std::chrono::seconds(30);
constexpr auto patience_with_socket = std::chrono::seconds(1);
constexpr auto poll = std::chrono::milliseconds(50);

/// The process that leads the run. Its lock is held, so the number still means that process.
int leader_of(const project::RunFiles& files) {
  const std::string text = read_file(files.process());
  int pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  if (pid <= 1)
    throw Error(ErrorKind::Internal, fmt::format("{} holds no process number", files.process().string()));
  return pid;
}

/// False when the leader has no socket or is busy; a signal reaches it in any case.
bool ask_to_stop(const project::RunFiles& files) {
  auto client = run::LiveClient::connect(files);
  if (!client) return false;
  const auto reply = client->stop(patience_with_socket);
  return reply && reply->ok;
}

Answer stop(Context& context, const std::string& prefix) {
  context.require_state();
  store::RunRecord run = project::find_run(context, prefix);
  if (run.status == store::RunStatus::Finished) {
    context.message(
        fmt::format("run {} has ended already: {}", run.id, store::run_state(run, context.clock().now())));
    return {view::to_json(context, run), "", 1};
  }
  run::require_local(context, run);
  const project::RunFiles files = context.places().run(run.id);
  if (project::is_alive(context.places(), run.id) && !ask_to_stop(files)) {
    // A worker would take a signal for its own end, and finish the run before.
    write_file(files.stop_request(), "");
    if (run.task.empty()) ::kill(leader_of(files), SIGTERM);
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (project::is_alive(context.places(), run.id)) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw Error(ErrorKind::Unavailable, fmt::format("run {} does not end", run.id),
                  fmt::format("as a last resort: kill -KILL {}", leader_of(files)));
    }
    std::this_thread::sleep_for(poll);
  }
  // Nothing to do unless the leader had been killed before.
  run::recover_dead_runs(context.services(), {});
  run = project::find_run(context, run.id);
  return {view::to_json(context, run),
          fmt::format("Stopped {} ({})\n", run.id, store::run_state(run, context.clock().now())), 0};
}

}  // namespace

CommandSpec stop_command() {
  return {"stop", "Stop a running changeling",
          "Ends the agent and everything it started. What it has done so far stays on the run's branch.",
          [](Syntax& syntax) -> Action {
            auto id = std::make_shared<std::string>();
            syntax.value("run", *id, "Id of the run or its beginning; a changeling's name means its newest")
                .value_name("RUN")
                .required();
            return [id](Context& context) { return stop(context, *id); };
          }};
}

}  // namespace changeling::cli
