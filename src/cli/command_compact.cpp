#include <fmt/format.h>

#include "cli/confirmation.hpp"
#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "project/sharing.hpp"
#include "store/compaction.hpp"
#include "support/error.hpp"
#include "view/compaction.hpp"

namespace changeling::cli {
namespace {

struct CompactOptions {
  std::string archive_done = "90d";
  std::string archive_runs;
  bool no_archive = false;
  bool keep_history = false;
  bool dry_run = false;
  bool yes = false;
};

store::CompactionOptions terms_of(const Context& context, const CompactOptions& options) {
  store::CompactionOptions terms;
  terms.keep_history = options.keep_history;
  terms.now = context.clock().now();
  const auto so_long_ago = [&](std::string_view option, const std::string& duration) {
    try {
      return terms.now - parse_duration(duration);
    } catch (const Error& error) {
      throw Error(ErrorKind::Usage, fmt::format("{}: {}", option, error.what()), error.hint());
    }
  };
  if (!options.no_archive) terms.archive_before = so_long_ago("--archive-done", options.archive_done);
  if (!options.archive_runs.empty())
    terms.archive_runs_before = so_long_ago("--archive-runs", options.archive_runs);
  return terms;
}

/// "epoch 2: 31 operations of history left behind (git gc frees its disk), 4 done tasks and 7 runs archived".
std::string in_words(const store::Compaction& compaction) {
  const std::string history = compaction.epoch.archive.empty()
                                  ? std::string("git gc frees its disk")
                                  : fmt::format("it is kept on {}", compaction.epoch.archive);
  const std::size_t tasks = archived(compaction, store::task_kind);
  const std::size_t runs = archived(compaction, store::run_kind);
  return fmt::format("epoch {}: {} operation{} of history left behind ({}), {} done task{}{} archived",
                     compaction.epoch.number, compaction.operations, compaction.operations == 1 ? "" : "s",
                     history, tasks, tasks == 1 ? "" : "s",
                     runs == 0 ? "" : fmt::format(" and {} run{}", runs, runs == 1 ? "" : "s"));
}

std::string again_with_yes(const CompactOptions& options) {
  std::string words = "git changeling compact";
  if (options.no_archive) words += " --no-archive";
  if (!options.archive_runs.empty()) words += " --archive-runs " + options.archive_runs;
  if (options.keep_history) words += " --keep-history";
  return words + " --yes (see before: git changeling compact --dry-run)";
}

Answer compact(Context& context, const CompactOptions& options) {
  context.require_state();
  const store::CompactionOptions terms = terms_of(context, options);
  const store::Compaction planned = store::plan_compaction(context.repository(), context.store(), terms);
  const bool shared = project::shares_by_itself(context);
  const std::string remote =
      shared ? fmt::format("; the state on {} is replaced, too", context.remote()) : std::string();
  if (options.dry_run)
    return {view::to_json(planned, true), fmt::format("Would begin {}{}\n", in_words(planned), remote), 0};
  if (!agreed(context, options.yes, fmt::format("this cannot be undone: {}{}", in_words(planned), remote),
              again_with_yes(options)))
    return {nullptr, "", 1};
  const auto sync =
      shared ? project::open_sync(context, context.remote(), std::chrono::milliseconds(0)) : nullptr;
  const store::Compaction done = store::compact(context.repository(), context.store(), terms, sync.get());
  return {view::to_json(done, false), fmt::format("Began {}\n", in_words(done)), 0};
}

}  // namespace

CommandSpec compact_command() {
  return {
      "compact", "Begin the history of the state anew, with the same records",
      "Every operation is a commit; this replaces them by one. Definitions, tasks, runs and pull requests "
      "stay "
      "as they are; log and undo begin anew. Done tasks that nobody has touched for --archive-done go to the "
      "archive, see task list --archived.\n\n"
      "With --archive-runs, so do runs that ended so long ago; runs show finds them by their id. Runs of the "
      "last 32 days stay, and older ones that caps, schedules, pauses, open or rejected pull requests are "
      "judged by.\n\n"
      "With a remote, its state is replaced, too. Other clones notice at their next sync and carry over what "
      "they had not shared yet. When the remote cannot be reached, nothing happens.\n\n"
      "It cannot be undone, so it asks first; without a terminal it needs --yes.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<CompactOptions>();
        syntax
            .value("--archive-done", options->archive_done,
                   "Archive done tasks that were last changed so long ago (default: 90d)")
            .value_name("DURATION");
        syntax
            .value("--archive-runs", options->archive_runs,
                   "Archive runs that ended so long ago (default: leave all where they are)")
            .value_name("DURATION");
        syntax.flag("--no-archive", options->no_archive, "Leave all tasks where they are");
        syntax.flag("--keep-history", options->keep_history,
                    "Keep the history so far on refs/changelings/archive/N of this repository");
        syntax.flag("-n,--dry-run", options->dry_run, "Show what it would do, and do nothing");
        syntax.flag("-y,--yes", options->yes, "Do not ask");
        return [options](Context& context) { return compact(context, *options); };
      }};
}

}  // namespace changeling::cli
