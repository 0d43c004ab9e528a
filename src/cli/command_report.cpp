#include <fmt/format.h>

#include <algorithm>

#include "cli/context.hpp"
#include "cli/declarations.hpp"
#include "cli/syntax.hpp"
#include "cli/text_block.hpp"
#include "project/run_lookup.hpp"
#include "report/html.hpp"
#include "report/markdown.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/moment.hpp"
#include "support/text.hpp"
#include "view/damage.hpp"
#include "view/report.hpp"

namespace changeling::cli {
namespace {

struct ReportOptions {
  std::vector<std::string> names;
  std::string since;
  std::string until;
  bool html = false;
};

using NewestReport = std::pair<store::RunRecord, std::string>;

/// The newest run of a changeling whose report is on this machine, and the report.
std::optional<NewestReport> newest_report(Context& context, const std::string& changeling) {
  store::RunQuery query;
  query.changeling = changeling;
  query.outcome = store::Outcome::Reported;
  query.limit = 100;
  for (;;) {
    std::vector<store::RunRecord> runs = context.run_index().page(query);
    for (store::RunRecord& run : runs) {
      if (auto text = project::report_of(context, run)) return std::pair(std::move(run), std::move(*text));
    }
    if (runs.size() < query.limit) return std::nullopt;
    query.offset += query.limit;
  }
}

/// Of each of these changelings, or of all that report; the newest first.
std::vector<NewestReport> newest_reports(Context& context, const std::vector<std::string>& names) {
  const store::RunIndex& index = context.current_runs();
  std::vector<NewestReport> reports;
  for (const std::string& name : names.empty() ? index.changelings() : names) {
    if (auto newest = newest_report(context, name)) {
      reports.push_back(std::move(*newest));
    } else if (!names.empty()) {
      project::require_name_of_runs(context, name);
    }
  }
  std::sort(reports.begin(), reports.end(), [](const auto& one, const auto& two) {
    return std::tie(two.first.started_at, two.first.id) < std::tie(one.first.started_at, one.first.id);
  });
  return reports;
}

Json to_json(const NewestReport& newest) {
  const auto& [run, text] = newest;
  return {{"run", run.id},
          {"changeling", run.changeling},
          {"reported_at", json_or_null(run.ended_at)},
          {"url", run.report_url.empty() ? Json(nullptr) : Json(run.report_url)},
          {"report", text}};
}

/// What changelings have reported last.
Answer show_reports(Context& context, const std::vector<std::string>& names) {
  const auto reports = newest_reports(context, names);
  Answer answer;
  answer.json = {{"reports", Json::array()}, {"damaged", view::to_json(context.damage())}};
  for (const NewestReport& newest : reports) {
    const store::RunRecord& run = newest.first;
    answer.json["reports"].push_back(to_json(newest));
    if (!answer.text.empty()) answer.text += "\n";
    answer.text += fmt::format(
        "{}  run {}, {}\n\n{}",
        styled(without_controls(run.changeling), Style::Bold, context.terminal().color), run.id,
        describe_relative(run.started_at, context.clock().now()), text_block(trim(newest.second)));
  }
  if (reports.empty()) {
    context.message(names.empty() ? "no reports on this machine"
                                  : fmt::format("no report of {} on this machine", join(names, ", ")));
    answer.exit_code = names.empty() ? 0 : 1;
  }
  return answer;
}

/// What happened in a time, what waits, and what it cost.
Answer show_period(Context& context, const ReportOptions& options) {
  const Timestamp now = context.clock().now();
  report::Order order;
  order.until = options.until.empty() ? now : parse_moment("--until", options.until, now);
  order.since = options.since.empty() ? order.until - std::chrono::days(7)
                                      : parse_moment("--since", options.since, now);
  order.changelings = options.names;
  const report::Report made = report::make_report(context, order);
  return {view::to_json(context, made), options.html ? report::to_html(made) : report::to_markdown(made), 0};
}

Answer report_of(Context& context, const ReportOptions& options) {
  if (options.html && context.options().json) {
    throw Error(ErrorKind::Usage, "--html and --json are two forms of one answer", "give one of them");
  }
  const bool of_period = options.html || !options.since.empty() || !options.until.empty();
  return of_period ? show_period(context, options) : show_reports(context, options.names);
}

}  // namespace

CommandSpec report_command() {
  return {
      "report", "Show the newest reports, or with --since what happened, what waits and what it cost",
      "Without --since, --until or --html: the newest report of every changeling that reports, or of those "
      "named. Reports stay on the machine that made them.\n\n"
      "With one of them: what the runs of that time came to, by outcome; what waits for you now; what it "
      "cost, "
      "for each changeling and day, beside the caps. It is Markdown, or with --html one file that needs "
      "nothing "
      "besides itself: git changeling report --since 7d --html > week.html. Times are a day, a moment, or "
      "how "
      "long ago; without --since it is the last seven days. Days are those of this machine's clock, as for "
      "caps.",
      [](Syntax& syntax) -> Action {
        auto options = std::make_shared<ReportOptions>();
        syntax.words("name", options->names, "Only these changelings").value_name("NAME");
        syntax.value("--since", options->since, "What started at this time or later").value_name("TIME");
        syntax.value("--until", options->until, "What started before this time (default: now)")
            .value_name("TIME");
        syntax.flag("--html", options->html, "As a page in one file, with charts");
        return [options](Context& context) { return report_of(context, *options); };
      }};
}

}  // namespace changeling::cli
