#include <fmt/format.h>

#include <set>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/request_states.hpp"
#include "cli/run_lookup.hpp"
#include "cli/run_text.hpp"
#include "cli/syntax.hpp"
#include "run/recovery.hpp"
#include "store/records.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::cli {
namespace {

/// What run_state() calls a run whose machine is presumed dead; a record never says so itself.
constexpr std::string_view lost = "lost";

struct ListOptions {
  std::string changeling;
  std::string outcome;
  std::int64_t limit = 30;
};

Answer list(Context& context, const ListOptions& options) {
  context.require_state();
  if (!options.outcome.empty() && options.outcome != lost) store::parse_outcome(options.outcome);
  run::recover_dead_runs(context.services(), {});
  const Timestamp now = context.clock().now();
  std::vector<store::RunRecord> runs;
  for (store::RunRecord& run : context.runs()) {
    if (!options.changeling.empty() && run.changeling != options.changeling) continue;
    if (!options.outcome.empty() && run_state(run, now) != options.outcome) continue;
    if (options.limit > 0 && std::ssize(runs) >= options.limit) break;
    runs.push_back(std::move(run));
  }
  Answer answer;
  answer.json = {{"runs", Json::array()}, {"damaged", context.damage().to_json()}};
  RequestStates(context).fill(runs);
  for (const store::RunRecord& run : runs) answer.json["runs"].push_back(run_to_json(context, run));
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
  store::RunRecord run = find_run(context, id);
  RequestStates(context).fill(run);
  Answer answer{run_to_json(context, run), run_details(run, context.terminal(), context.clock().now()), 0};
  if (run.status == store::RunStatus::Running) {
    if (const auto live = run::read_progress(context.places().run(run.id))) {
      answer.text += fmt::format("  now       {}  {}\n", live->step, live->progress.activity);
    }
  }
  if (const auto report = report_of(context, run)) answer.text += "\n" + *report;
  return answer;
}

/// The newest report of each changeling that reports, or of one.
Answer report(Context& context, const std::string& changeling) {
  context.require_state();
  Answer answer;
  answer.json = {{"reports", Json::array()}};
  std::set<std::string> seen;
  for (const store::RunRecord& run : context.runs()) {
    if (!changeling.empty() && run.changeling != changeling) continue;
    const auto text = report_of(context, run);
    if (run.outcome != store::Outcome::Reported || !text || !seen.insert(run.changeling).second) continue;
    answer.json["reports"].push_back({{"run", run.id},
                                      {"changeling", run.changeling},
                                      {"reported_at", json_or_null(run.ended_at)},
                                      {"url", run.report_url.empty() ? Json(nullptr) : Json(run.report_url)},
                                      {"report", *text}});
    if (!answer.text.empty()) answer.text += "\n";
    answer.text +=
        fmt::format("{}  run {}, {}\n\n{}\n", styled(run.changeling, Style::Bold, context.terminal().color),
                    run.id, describe_relative(run.started_at, context.clock().now()), trim(*text));
  }
  answer.json["damaged"] = context.damage().to_json();
  if (seen.empty()) {
    context.message(changeling.empty() ? "no reports on this machine"
                                       : fmt::format("no report of {} on this machine", changeling));
    answer.exit_code = changeling.empty() ? 0 : 1;
  }
  return answer;
}

}  // namespace

CommandSpec runs_list_command() {
  return {
      "runs list", "List runs, newest first", "", [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ListOptions>();
        syntax.value("--changeling", options->changeling, "Only runs of this changeling").value_name("NAME");
        syntax.value("--outcome", options->outcome, "Only runs that ended so, or that are lost")
            .value_name("OUTCOME");
        syntax.number("-n,--limit", options->limit, "At most so many, 0 for all (default: 30)", 0)
            .value_name("N");
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

CommandSpec report_command() {
  return {"report", "Show the newest reports",
          "Of every changeling that reports, or of one. Reports stay on the machine that made them.",
          [](Syntax& syntax) -> Action {
            auto name = std::make_shared<std::string>();
            syntax.value("name", *name, "Only this changeling's").value_name("NAME");
            return [name](Context& context) { return report(context, *name); };
          }};
}

}  // namespace changeling::cli
