#include <fmt/format.h>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "support/interrupt.hpp"
#include "support/text.hpp"
#include "view/sync.hpp"

namespace changeling::cli {
namespace {

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

Answer sync(Context& context, const std::string& named) {
  const std::string remote = work::remote_to_sync(context, named);
  catch_interrupts();
  context.show_transfers();
  const work::SyncReport report = work::sync(context, remote, std::chrono::milliseconds(0));
  for (const std::string& warning : report.state.warnings) context.message("warning: " + warning);
  return {view::to_json(report), describe(report.state, remote) + describe(report.outbox),
          report.is_complete() ? 0 : 1};
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
