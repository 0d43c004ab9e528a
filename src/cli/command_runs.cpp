#include <fmt/format.h>

#include <algorithm>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/run_text.hpp"
#include "cli/syntax.hpp"
#include "cli/text_block.hpp"
#include "project/run_lookup.hpp"
#include "run/recovery.hpp"
#include "run/request_states.hpp"
#include "run/start_triggers.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/moment.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"
#include "view/damage.hpp"
#include "view/run.hpp"

namespace changeling::cli {
namespace {

/// What store::run_state() calls a run whose machine is presumed dead; a record never says so itself.
constexpr std::string_view lost = "lost";

struct ListOptions {
  std::string name;
  std::string changeling;  ///< The same, as an option.
  std::string outcome;
  bool failed = false;
  std::string trigger;
  std::string since;
  std::string until;
  std::string text;
  std::size_t limit = 30;
  std::size_t offset = 0;
};

store::Outcome known_outcome(const std::string& word) {
  if (const auto* row = find_word(store::outcomes(), word)) return row->outcome;
  auto allowed = words_of(store::outcomes());
  allowed.emplace_back(lost);
  throw not_allowed(ErrorKind::Usage, "option --outcome", word, allowed);
}

store::RunQuery query_of(const ListOptions& options, Timestamp now) {
  store::RunQuery query;
  query.changeling = options.name.empty() ? options.changeling : options.name;
  if (!options.changeling.empty() && query.changeling != options.changeling) {
    throw Error(
        ErrorKind::Usage,
        fmt::format("'{}' and --changeling {} cannot both be meant", options.name, options.changeling),
        "name one changeling");
  }
  if (options.outcome == lost) {
    query.lost_at = now;
  } else if (!options.outcome.empty()) {
    query.outcome = known_outcome(options.outcome);
  }
  query.failed = options.failed;
  if (!options.trigger.empty()) run::check_trigger(options.trigger);
  query.trigger = options.trigger;
  if (!options.since.empty()) query.since = parse_moment("--since", options.since, now);
  if (!options.until.empty()) query.until = parse_moment("--until", options.until, now);
  query.text = options.text;
  query.limit = options.limit;
  query.offset = options.offset;
  return query;
}

Answer list(Context& context, const ListOptions& options) {
  context.require_state();
  const store::RunQuery query = query_of(options, context.clock().now());
  run::recover_dead_runs(context.services(), {});
  const store::RunIndex& index = context.current_runs();
  const std::size_t total = index.count(query);
  if (total == 0 && !query.changeling.empty()) project::require_name_of_runs(context, query.changeling);
  std::vector<store::RunRecord> runs = index.page(query);
  Answer answer;
  answer.json = {{"runs", Json::array()}, {"total", total}, {"damaged", view::to_json(context.damage())}};
  run::fill_request_states(context, runs);
  for (const store::RunRecord& run : runs) answer.json["runs"].push_back(view::to_json(context, run));
  if (runs.empty()) {
    context.message(total == 0 ? "no runs" : fmt::format("no more runs; there are {}", total));
    return answer;
  }
  answer.text = runs_table(runs, context.terminal(), context.clock().now());
  const std::size_t seen = options.offset + runs.size();
  if (seen < total)
    context.message(fmt::format("{} of {} runs; see the next with --offset {}", runs.size(), total, seen));
  return answer;
}

Answer show(Context& context, const std::string& id) {
  context.require_state();
  run::recover_dead_runs(context.services(), {});
  store::RunRecord run = project::find_run(context, id);
  run::fill_request_state(context, run);
  Answer answer{view::to_json(context, run), run_details(run, context.terminal(), context.clock().now()), 0};
  if (run.status == store::RunStatus::Running) {
    if (const auto live = run::read_progress(context.places().run(run.id))) {
      answer.text += fmt::format("  now       {}  {}\n", without_controls(live->step),
                                 without_controls(live->progress.activity));
    }
  }
  if (const auto report = project::report_of(context, run)) answer.text += "\n" + text_block(*report);
  return answer;
}

}  // namespace

CommandSpec runs_list_command() {
  return {"runs list", "List runs, newest first",
          "All conditions must hold. Times are a day, a moment, or how long ago: --since 7d, --until "
          "2026-11-20.\n\n"
          "--search looks for words, or beginnings of words, in what agents say they did and in errors.",
          [](Syntax& syntax) -> Action {
            auto options = std::make_shared<ListOptions>();
            syntax.value("name", options->name, "Only runs of this changeling").value_name("NAME");
            syntax.value("--changeling", options->changeling, "The same as NAME").value_name("NAME");
            syntax.value("--since", options->since, "Only those that started at this time or later")
                .value_name("TIME");
            syntax.value("--until", options->until, "Only those that started before this time")
                .value_name("TIME");
            syntax.flag("--failed", options->failed, "Only those that ended without success");
            syntax
                .value("--outcome", options->outcome,
                       fmt::format("Only runs that ended so, or that are lost ({}|{})",
                                   words_in_help(store::outcomes()), lost))
                .value_name("OUTCOME");
            syntax
                .value("--trigger", options->trigger,
                       fmt::format("Only those that this started, such as a hook or webhook:NAME ({})",
                                   words_in_help(run::triggers())))
                .value_name("TRIGGER");
            syntax.value("--search", options->text, "Only those with these words").value_name("TEXT");
            syntax.amount("-n,--limit", options->limit, "At most so many, 0 for all (default: 30)")
                .value_name("N");
            syntax.amount("--offset", options->offset, "Skip so many").value_name("N");
            return [options](Context& context) { return list(context, *options); };
          }};
}

CommandSpec runs_show_command() {
  return {"runs show", "Show one run with its evidence", "", [](Syntax& syntax) -> Action {
            auto id = std::make_shared<std::string>();
            syntax.value("run", *id, "Id of the run or its beginning; a changeling's name means its newest")
                .value_name("RUN")
                .required();
            return [id](Context& context) { return show(context, *id); };
          }};
}

}  // namespace changeling::cli
