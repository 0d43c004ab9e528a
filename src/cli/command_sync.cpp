#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "git/remote_choice.hpp"
#include "project/hook_subscriptions.hpp"
#include "project/sharing.hpp"
#include "run/kept_heads.hpp"
#include "run/outbox_delivery.hpp"
#include "support/error.hpp"
#include "support/interrupt.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "view/outbox.hpp"
#include "work/gates.hpp"

namespace changeling::cli {
namespace {

std::string remote_to_use(Context& context, const std::string& named) {
  if (named.empty()) {
    const git::RemoteChoice choice = git::choose_remote(git::remote_facts(context.repository()));
    if (!choice.name.empty()) return choice.name;
    if (!choice.problem.empty()) throw Error(ErrorKind::NotFound, choice.problem, choice.hint);
    throw Error(ErrorKind::NotFound, "this repository has no remote to share with",
                "add one: git remote add origin URL");
  }
  if (context.repository().remote_url(named)) return named;
  throw Error(ErrorKind::NotFound, fmt::format("there is no remote '{}'", named), "see: git remote -v");
}

std::string describe(const store::Synced& synced, const std::string& remote) {
  if (synced.received && synced.sent) return fmt::format("Brought together with {}\n", remote);
  if (synced.received) return fmt::format("Received what is new on {}\n", remote);
  if (synced.sent) return fmt::format("Sent what is new here to {}\n", remote);
  return fmt::format("Nothing new here or on {}\n", remote);
}

std::string describe(const run::OutboxReport& outbox) {
  std::string text;
  for (const run::OutboxReport::Waiting& waiting : outbox.waiting)
    text += fmt::format("Run {} of {} waits in the outbox: {}\n", waiting.run,
                        without_controls(waiting.changeling), without_controls(waiting.reason));
  return text;
}

store::Synced sync_state(Context& context, const std::string& remote) {
  store::SyncResult result = project::open_sync(context, remote, std::chrono::milliseconds(0))->run();
  if (const auto* unreached = std::get_if<store::Unreached>(&result)) {
    for (const project::OutboxEntry& entry : context.places().outbox().entries())
      context.message(fmt::format("run {} of {} waits in the outbox: {}", entry.proposal.run,
                                  entry.proposal.changeling, entry.error));
    throw Error(ErrorKind::Unavailable, fmt::format("cannot sync with {}: {}", remote, unreached->reason),
                "nothing is lost; try again later");
  }
  if (const auto* declined = std::get_if<store::Declined>(&result)) {
    throw Error(ErrorKind::Refused,
                fmt::format("{} does not take {}: {}", remote, context.store().reference(), declined->reason),
                declined->hint);
  }
  return std::get<store::Synced>(std::move(result));
}

Answer sync(Context& context, const std::string& named) {
  const std::string remote = remote_to_use(context, named);
  catch_interrupts();
  context.show_transfers();
  std::optional<Error> declined;
  store::Synced synced;
  try {
    synced = sync_state(context, remote);
  } catch (const Error& error) {
    // A remote that does not take the state may take branches.
    if (error.kind() != ErrorKind::Refused || context.places().outbox().empty()) throw;
    declined = error;
  }
  context.require_state();
  const run::OutboxReport outbox = run::send_outbox(context, run::Due::Everything);
  if (run::keeps_heads(context.repository())) run::drop_needless_heads(context.services());
  if (declined) throw *declined;
  const bool opened = work::open_passed_gates(context);
  if (opened || !outbox.sent.empty()) synced.sent |= sync_state(context, remote).sent;
  project::track_state(context, remote);
  if (synced.received) project::refresh_hook_subscriptions(context);
  for (const std::string& warning : synced.warnings) context.message("warning: " + warning);
  return {{{"remote", remote},
           {"received", synced.received},
           {"sent", synced.sent},
           {"warnings", synced.warnings},
           {"outbox", view::to_json(outbox)}},
          describe(synced, remote) + describe(outbox),
          outbox.waiting.empty() && outbox.refused.empty() ? 0 : 1};
}

}  // namespace

CommandSpec sync_command() {
  return {
      "sync", "Share the state with the remote, both ways",
      "Fetches the state of the remote, merges it record by record with what is here, and pushes the result "
      "without force. Nothing that was not shared yet is lost, whatever others have done meanwhile; how each "
      "kind of record is merged is told in docs/record-format.md.\n\n"
      "Then it sends what waits in the outbox: branches and pull requests of runs that could not be sent "
      "when "
      "they were ready. What still waits is listed with its reason, and the command ends with 1; so it does "
      "when a hook or a rule of the remote or the forge refuses something for good.\n\n"
      "Claims and runs do this by themselves; changeling.autosync turns that off.",
      [](Syntax& syntax) -> Action {
        auto remote = std::make_shared<std::string>();
        syntax
            .value(
                "--remote", *remote,
                "Remote to share with (default: changeling.remote, or the one that the base branch follows)")
            .value_name("REMOTE");
        return [remote](Context& context) { return sync(context, *remote); };
      }};
}

}  // namespace changeling::cli
