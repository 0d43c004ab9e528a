#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/run_lookup.hpp"
#include "cli/run_text.hpp"
#include "run/recovery.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

struct ListOptions {
  std::string changeling;
  std::string outcome;
  std::int64_t limit = 30;
};

Answer list(Context& context, const ListOptions& options) {
  context.require_state();
  if (!options.outcome.empty()) store::parse_outcome(options.outcome);
  run::recover_dead_runs(context.services(), {});
  std::vector<store::RunRecord> runs;
  for (store::RunRecord& run : read_runs(context.snapshot())) {
    if (!options.changeling.empty() && run.changeling != options.changeling) continue;
    if (!options.outcome.empty() && run_state(run) != options.outcome) continue;
    if (options.limit > 0 && std::ssize(runs) >= options.limit) break;
    runs.push_back(std::move(run));
  }
  Answer answer;
  answer.json = {{"runs", Json::array()}};
  for (const store::RunRecord& run : runs) answer.json["runs"].push_back(run_to_json(run));
  if (runs.empty()) {
    context.message("no runs");
    return answer;
  }
  answer.text = runs_table(runs, context.terminal(), context.clock().now());
  return answer;
}

Answer show(Context& context, const std::string& id) {
  context.require_state();
  run::recover_dead_runs(context.services(), {});
  const store::RunRecord run = find_named_run(context.snapshot(), id);
  Answer answer{run_to_json(run), run_details(run, context.terminal(), context.clock().now()), 0};
  if (run.status == store::RunStatus::Running) {
    if (const auto live = run::read_progress(context.places().run(run.id))) {
      answer.text += fmt::format("  now       {}  {}\n", live->step, live->progress.activity);
    }
  }
  // Reports never leave the machine by themselves, so they are here or nowhere.
  const auto report = read_file_if_exists(context.places().run(run.id).artifacts() / "report.md");
  answer.json["report"] = json_or_null(report);
  if (report) answer.text += "\n" + *report;
  return answer;
}

}  // namespace

CommandSpec runs_list_command() {
  return {"runs list", "List runs, newest first", "", [](CLI::App& app) -> Action {
            auto options = std::make_shared<ListOptions>();
            app.add_option("--changeling", options->changeling, "Only runs of this changeling")
                ->type_name("NAME");
            app.add_option("--outcome", options->outcome, "Only runs that ended so")->type_name("OUTCOME");
            app.add_option("-n,--limit", options->limit, "At most so many, 0 for all (default: 30)")
                ->type_name("N")
                ->check(CLI::NonNegativeNumber);
            return [options](Context& context) { return list(context, *options); };
          }};
}

CommandSpec runs_show_command() {
  return {"runs show", "Show one run with its evidence", "", [](CLI::App& app) -> Action {
            auto id = std::make_shared<std::string>();
            app.add_option("run", *id, "Id of the run, its beginning, or a changeling for its newest run")
                ->type_name("RUN")
                ->required();
            return [id](Context& context) { return show(context, *id); };
          }};
}

}  // namespace changeling::cli
