#include "report/html.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/charts.hpp"
#include "report/words.hpp"
#include "support/text.hpp"

namespace changeling::report {
namespace {

/// Whoever opens the file: what could be a script in it does not run, and nothing leaves the page.
constexpr std::string_view policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

constexpr std::string_view style = R"(
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --bar: #2f6f9f; --over: #b3261e; --line: #8888; }
@media (prefers-color-scheme: dark) { :root { --bar: #6fb1de; --over: #ff8a80; } }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; }
svg { width: 100%; height: auto; }
svg text { font-size: 11px; fill: currentColor; }
.bar { fill: var(--bar); } .over { fill: var(--over); } .axis { stroke: var(--line); }
.cap { stroke: var(--over); stroke-dasharray: 6 4; }
.bad { color: var(--over); }
)";

std::string cell(std::string_view text) {
  return fmt::format("<td>{}</td>", escaped(without_controls(valid_utf8(text))));
}

std::string number_cell(std::string_view text, bool is_bad = false) {
  return fmt::format("<td class=\"number{}\">{}</td>", is_bad ? " bad" : "", escaped(text));
}

std::string table(const std::vector<std::string>& names, const std::string& rows) {
  std::string text = "<table>\n<thead><tr>";
  for (const std::string& name : names) text += fmt::format("<th scope=\"col\">{}</th>", name);
  return text + "</tr></thead>\n<tbody>\n" + rows + "</tbody>\n</table>\n";
}

std::string link_or_text(const std::string& page, const std::string& text) {
  const std::string shown = escaped(text);
  if (page.empty()) return shown;
  return fmt::format("<a href=\"{}\" rel=\"noreferrer noopener\">{}</a>", escaped(page),
                     shown.empty() ? "open" : shown);
}

std::string waiting_part(const Report& report) {
  if (report.waiting.empty()) return "<p>Nothing waits for you.</p>\n";
  std::string rows;
  for (const Need& one : first_needs(report.waiting))
    rows += fmt::format("<tr>{}{}<td><code>{}</code></td></tr>\n", cell(to_string(one.kind)), cell(one.text),
                        escaped(one.settle));
  return table({"what", "why", "what to type"}, rows);
}

std::string runs_part(const std::vector<store::RunRecord>& runs) {
  std::string rows;
  for (const store::RunRecord& run : runs) {
    rows += fmt::format("<tr>{}{}{}<td>{}</td>{}</tr>\n", cell(time_text(run.started_at)),
                        cell(run.changeling), cell(run.outcome ? to_string(*run.outcome) : "running"),
                        link_or_text(page_of(run), result_text(run)), cell(run.id));
  }
  return table({"when", "changeling", "outcome", "what", "run"}, rows);
}

std::string changelings_part(const Report& report) {
  std::string rows;
  for (const ChangelingTotals& one : report.totals.changelings) {
    const bool is_over = one.daily_cap_usd && one.dearest_day_usd > *one.daily_cap_usd;
    rows +=
        fmt::format("<tr>{}{}{}{}{}{}{}</tr>\n", cell(one.name), number_cell(std::to_string(one.totals.runs)),
                    cell(outcomes_text(one.totals)), cell(describe_duration(one.totals.duration)),
                    number_cell(cost_text(one.totals)), number_cell(money(one.dearest_day_usd), is_over),
                    number_cell(one.daily_cap_usd ? money(*one.daily_cap_usd) : "-"));
  }
  return table({"changeling", "runs", "outcomes", "time", "cost", "dearest day", "cap a day"}, rows);
}

std::string cost_chart(const Report& report) {
  std::vector<Bar> bars;
  for (const DayTotals& day : report.totals.days) {
    bars.push_back({day.date.substr(day.date.size() - 5), day.totals.cost_usd,
                    fmt::format("{}: {}", day.date, cost_text(day.totals))});
  }
  return column_chart(bars, report.caps.repository_day, "Cost of each day in US dollars");
}

std::string runs_chart(const Report& report) {
  std::vector<Bar> bars;
  for (const DayTotals& day : report.totals.days) {
    bars.push_back({day.date.substr(day.date.size() - 5), static_cast<double>(day.totals.runs),
                    fmt::format("{}: {}", day.date, outcomes_text(day.totals))});
  }
  return column_chart(bars, std::nullopt, "Runs of each day");
}

std::string summary(const Report& report) {
  const Totals& totals = report.totals.totals;
  if (totals.runs == 0) return "<p>Nothing ran.</p>\n";
  const std::string caps = caps_text(report);
  return fmt::format("<p>{} runs: {}. Cost: {}{}.</p>\n", totals.runs, escaped(outcomes_text(totals)),
                     cost_text(totals), caps.empty() ? "" : "; allowed are " + caps);
}

}  // namespace

std::string to_html(const Report& report) {
  const std::string title =
      escaped(fmt::format("{}: {}", without_controls(report.repository), period_text(report.order)));
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n"
      "</head>\n<body>\n<main>\n<h1>{}</h1>\n",
      policy, title, style, title);
  page += summary(report);
  const auto section = [&](std::string_view name, const std::string& part) {
    page += fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", name, part);
  };
  section("Waiting for you", waiting_part(report));
  if (report.totals.totals.runs > 0) {
    section("Cost per day", cost_chart(report));
    section("Runs per day", runs_chart(report));
    section("Changelings", changelings_part(report));
  }
  if (!report.results.empty()) section("Results", runs_part(report.results));
  if (!report.failures.empty()) section("Failures", runs_part(report.failures));
  return page + fmt::format("<p><small>Made {} by git-changeling.</small></p>\n</main>\n</body>\n</html>\n",
                            time_text(report.made_at));
}

}  // namespace changeling::report
