#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/sharing.hpp"
#include "store/compaction.hpp"
#include "support/error.hpp"

namespace changeling::cli {
namespace {

struct CompactOptions {
  std::string archive_done = "90d";
  bool no_archive = false;
  bool keep_history = false;
};

Answer compact(Context& context, const CompactOptions& options) {
  context.require_state();
  store::CompactionOptions terms;
  terms.keep_history = options.keep_history;
  if (!options.no_archive) {
    try {
      terms.archive_before = context.clock().now() - parse_duration(options.archive_done);
    } catch (const Error& error) {
      throw Error(ErrorKind::Usage, fmt::format("--archive-done: {}", error.what()), error.hint());
    }
  }
  const auto sync = shares_by_itself(context)
                        ? open_sync(context, context.remote(), std::chrono::milliseconds(0))
                        : nullptr;
  const store::Compaction done = store::compact(context.repository(), context.store(), terms, sync.get());
  const std::string history = done.epoch.archive.empty()
                                  ? std::string("git gc frees its disk")
                                  : fmt::format("it is kept on {}", done.epoch.archive);
  return {{{"epoch", done.epoch.number},
           {"previous_tip", done.epoch.previous_tip},
           {"operations", done.operations},
           {"archived_tasks", done.archived_tasks},
           {"archive", done.epoch.archive.empty() ? Json(nullptr) : Json(done.epoch.archive)}},
          fmt::format("Began epoch {}: {} operation{} of history left behind ({}), {} done task{} archived\n",
                      done.epoch.number, done.operations, done.operations == 1 ? "" : "s", history,
                      done.archived_tasks, done.archived_tasks == 1 ? "" : "s"),
          0};
}

}  // namespace

CommandSpec compact_command() {
  return {
      "compact", "Begin the history of the state anew, with the same records",
      "Every operation is a commit; this replaces them by one. Definitions, tasks, runs and pull requests "
      "stay "
      "as they are; log and undo begin anew. Done tasks that nobody has touched for --archive-done go to the "
      "archive, see task list --archived.\n\n"
      "With a remote, its state is replaced, too. Other clones notice at their next sync and carry over what "
      "they had not shared yet. When the remote cannot be reached, nothing happens.",
      [](CLI::App& app) -> Action {
        auto options = std::make_shared<CompactOptions>();
        app.add_option("--archive-done", options->archive_done,
                       "Archive done tasks that were last changed so long ago (default: 90d)")
            ->type_name("DURATION");
        app.add_flag("--no-archive", options->no_archive, "Leave all tasks where they are");
        app.add_flag("--keep-history", options->keep_history,
                     "Keep the history so far on refs/changelings/archive/N of this repository");
        return [options](Context& context) { return compact(context, *options); };
      }};
}

}  // namespace changeling::cli
