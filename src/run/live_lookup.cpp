#include "run/live_lookup.hpp"

#include <fmt/format.h>

#include <thread>

#include "project/local_runs.hpp"
#include "project/run_lookup.hpp"
#include "run/live_run.hpp"
#include "run/recovery.hpp"
#include "support/error.hpp"

namespace changeling::run {
namespace {

/// A run has its record a moment before it has its socket.
constexpr auto connect_patience = std::chrono::seconds(2);
constexpr auto pause_between = std::chrono::milliseconds(20);

}  // namespace

void require_local(project::Project& project, const store::RunRecord& run) {
  if (std::filesystem::exists(project.places().run(run.id).folder)) return;
  throw Error(
      ErrorKind::Refused,
      fmt::format("run {} is on another machine or in another clone ({}) and cannot be reached from here",
                  run.id, run.host),
      "type the same command there");
}

std::optional<run::LiveClient> connect_to_run(project::Project& project, store::RunRecord& run) {
  const project::RunFiles files = project.places().run(run.id);
  if (run.status == store::RunStatus::Running) {
    require_local(project, run);
    const auto deadline = std::chrono::steady_clock::now() + connect_patience;
    while (project::is_alive(project.places(), run.id)) {
      if (auto client = run::LiveClient::connect(files)) return client;
      if (std::chrono::steady_clock::now() > deadline) {
        throw Error(
            ErrorKind::Unavailable, fmt::format("run {} cannot be reached", run.id),
            fmt::format("watch it: git changeling logs {0} --follow    or end it: git changeling stop {0}",
                        run.id));
      }
      std::this_thread::sleep_for(pause_between);
    }
    // It has ended just now, or its leader was killed before.
    run::recover_dead_runs(project.services(), {});
    run = project::find_run(project, run.id);
  }
  project.message(
      fmt::format("run {0} has ended already: {1}\nhint: see what it did: git changeling logs {0}", run.id,
                  store::run_state(run, project.clock().now())));
  return std::nullopt;
}

}  // namespace changeling::run
