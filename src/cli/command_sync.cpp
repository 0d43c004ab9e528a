#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/sharing.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

std::string remote_to_use(Context& context, const std::string& named) {
  if (named.empty()) {
    if (!context.remote().empty()) return context.remote();
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

Answer sync(Context& context, const std::string& named) {
  const std::string remote = remote_to_use(context, named);
  const auto sync = open_sync(context, remote, std::chrono::milliseconds(0));
  const store::SyncResult result = sync->run();
  if (const auto* unreached = std::get_if<store::Unreached>(&result)) {
    throw Error(ErrorKind::Unavailable, fmt::format("cannot sync with {}: {}", remote, unreached->reason),
                "nothing is lost; try again later");
  }
  if (const auto* declined = std::get_if<store::Declined>(&result)) {
    throw Error(ErrorKind::Refused,
                fmt::format("{} does not take {}: {}", remote, context.store().reference(), declined->reason),
                declined->hint);
  }
  const auto& synced = std::get<store::Synced>(result);
  context.require_state();
  track_state(context, remote);
  for (const std::string& warning : synced.warnings) context.message("warning: " + warning);
  if (const auto problem = overwriting_refspec(context, remote)) context.message("warning: " + *problem);
  return {{{"remote", remote},
           {"received", synced.received},
           {"sent", synced.sent},
           {"warnings", synced.warnings}},
          describe(synced, remote),
          0};
}

}  // namespace

CommandSpec sync_command() {
  return {
      "sync", "Share the state with the remote, both ways",
      "Fetches the state of the remote, merges it record by record with what is here, and pushes the result "
      "without force. Nothing that was not shared yet is lost, whatever others have done meanwhile; how each "
      "kind of record is merged is told in docs/record-format.md.\n\n"
      "Claims and runs do this by themselves; changeling.autosync turns that off.",
      [](CLI::App& app) -> Action {
        auto remote = std::make_shared<std::string>();
        app.add_option("--remote", *remote, "Remote to share with (default: changeling.remote, or origin)")
            ->type_name("REMOTE");
        return [remote](Context& context) { return sync(context, *remote); };
      }};
}

}  // namespace changeling::cli
