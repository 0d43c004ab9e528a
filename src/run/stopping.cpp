#include "run/stopping.hpp"

#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <thread>

#include "project/local_runs.hpp"
#include "project/run_lookup.hpp"
#include "run/live_client.hpp"
#include "run/live_lookup.hpp"
#include "run/recovery.hpp"
#include "support/error.hpp"
#include "support/files.hpp"

namespace changeling::run {
namespace {

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
bool has_agreed(const project::RunFiles& files) {
  auto client = LiveClient::connect(files);
  if (!client) return false;
  const auto reply = client->stop(patience_with_socket);
  return reply && reply->ok;
}

}  // namespace

void ask_to_stop(project::Project& project, const store::RunRecord& run) {
  require_local(project, run);
  const project::RunFiles files = project.places().run(run.id);
  if (!project::is_alive(project.places(), run.id) || has_agreed(files)) return;
  // A worker would take a signal for its own end, and finish the run before.
  write_file(files.stop_request(), "");
  if (run.task.empty()) ::kill(leader_of(files), SIGTERM);
}

store::RunRecord wait_for_end(project::Project& project, const store::RunRecord& run,
                              std::chrono::milliseconds patience) {
  const project::RunFiles files = project.places().run(run.id);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (project::is_alive(project.places(), run.id)) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw Error(ErrorKind::Unavailable, fmt::format("run {} does not end", run.id),
                  fmt::format("as a last resort: kill -KILL {}", leader_of(files)));
    }
    std::this_thread::sleep_for(poll);
  }
  recover_dead_runs(project.services(), {});
  return project::find_run(project, run.id);
}

}  // namespace changeling::run
