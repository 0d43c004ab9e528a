#include "work/sync.hpp"

#include <fmt/format.h>

#include <optional>

#include "git/remote_choice.hpp"
#include "project/hook_subscriptions.hpp"
#include "project/open_requests.hpp"
#include "project/sharing.hpp"
#include "run/kept_heads.hpp"
#include "support/error.hpp"
#include "work/gates.hpp"

namespace changeling::work {
namespace {

store::Synced sync_state(project::Project& project, const std::string& remote,
                         std::chrono::milliseconds time_limit) {
  store::SyncResult result = project::open_sync(project, remote, time_limit)->run();
  if (const auto* unreached = std::get_if<store::Unreached>(&result)) {
    for (const project::OutboxEntry& entry : project.places().outbox().entries())
      project.message(fmt::format("run {} of {} waits in the outbox: {}", entry.proposal.run,
                                  entry.proposal.changeling, entry.error));
    throw Error(ErrorKind::Unavailable, fmt::format("cannot sync with {}: {}", remote, unreached->reason),
                "nothing is lost; try again later");
  }
  if (const auto* declined = std::get_if<store::Declined>(&result)) {
    throw Error(ErrorKind::Refused,
                fmt::format("{} does not take {}: {}", remote, project.store().reference(), declined->reason),
                declined->hint);
  }
  return std::get<store::Synced>(std::move(result));
}

}  // namespace

std::string remote_to_sync(project::Project& project, const std::string& named) {
  if (named.empty()) {
    const git::RemoteChoice choice = git::choose_remote(git::remote_facts(project.repository()));
    if (!choice.name.empty()) return choice.name;
    if (!choice.problem.empty()) throw Error(ErrorKind::NotFound, choice.problem, choice.hint);
    throw Error(ErrorKind::NotFound, "this repository has no remote to share with",
                "add one: git remote add origin URL");
  }
  if (project.repository().remote_url(named)) return named;
  throw Error(ErrorKind::NotFound, fmt::format("there is no remote '{}'", named), "see: git remote -v");
}

SyncReport sync(project::Project& project, const std::string& remote, std::chrono::milliseconds time_limit) {
  SyncReport report;
  report.remote = remote;
  std::optional<Error> declined;
  try {
    report.state = sync_state(project, remote, time_limit);
  } catch (const Error& error) {
    // A remote that does not take the state may take branches.
    if (error.kind() != ErrorKind::Refused || project.places().outbox().empty()) throw;
    declined = error;
  }
  project.require_state();
  report.outbox = run::send_outbox(project, run::Due::Everything);
  if (run::keeps_heads(project.repository())) run::drop_needless_heads(project.services());
  if (declined) throw *declined;
  const bool opened = open_passed_gates(project);
  if (opened || !report.outbox.sent.empty())
    report.state.sent |= sync_state(project, remote, time_limit).sent;
  project::track_state(project, remote);
  project::fetch_request_branches(project);
  if (report.state.received) project::refresh_hook_subscriptions(project);
  return report;
}

}  // namespace changeling::work
