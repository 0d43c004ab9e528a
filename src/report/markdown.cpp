#include "report/markdown.hpp"

#include <fmt/format.h>

#include "report/words.hpp"
#include "support/text.hpp"

namespace changeling::report {
namespace {

/// Text of others inside a line of Markdown: every sign that could be markup is written out (CommonMark,
/// section 2.4), and a cell of a table does not end in it.
std::string plain(std::string_view text) {
  constexpr std::string_view marks = "\\`*_{}[]<>|#&!~@";
  std::string result;
  for (const char letter : without_controls(valid_utf8(text))) {
    if (marks.find(letter) != std::string_view::npos) result += '\\';
    result += letter;
  }
  return result;
}

std::string row(const std::vector<std::string>& cells) {
  return "| " + join(cells, " | ") + " |\n";
}

std::string head(const std::vector<std::string>& names) {
  std::vector<std::string> rules(names.size(), "---");
  return row(names) + row(rules);
}

std::string summary(const Report& report) {
  const Totals& totals = report.totals.totals;
  if (totals.runs == 0) return "Nothing ran.\n";
  std::string text = fmt::format("{} run{}: {}. Cost: {}", totals.runs, totals.runs == 1 ? "" : "s",
                                 outcomes_text(totals), cost_text(totals));
  const std::string caps = caps_text(report);
  return text + (caps.empty() ? ".\n" : fmt::format("; allowed are {}.\n", caps));
}

std::string waiting_part(const Report& report) {
  if (report.waiting.empty()) return "Nothing waits for you.\n";
  std::string text;
  for (const Need& one : first_needs(report.waiting))
    text += fmt::format("- {}. `{}`\n", plain(one.text), one.settle);
  return text;
}

std::string runs_part(const std::vector<store::RunRecord>& runs) {
  std::string text = head({"when", "changeling", "outcome", "what", "run"});
  for (const store::RunRecord& run : runs) {
    const std::string outcome(run.outcome ? to_string(*run.outcome) : "running");
    const std::string page = page_of(run);
    text += row({time_text(run.started_at), plain(run.changeling), outcome,
                 plain(result_text(run)) + (page.empty() ? "" : fmt::format(" <{}>", page)), run.id});
  }
  return text;
}

std::string changelings_part(const Report& report) {
  std::string text = head({"changeling", "runs", "outcomes", "time", "cost", "dearest day", "cap a day"});
  for (const ChangelingTotals& one : report.totals.changelings) {
    text += row({plain(one.name), std::to_string(one.totals.runs), outcomes_text(one.totals),
                 describe_duration(one.totals.duration), cost_text(one.totals), money(one.dearest_day_usd),
                 one.daily_cap_usd ? money(*one.daily_cap_usd) : "-"});
  }
  return text;
}

std::string days_part(const Report& report) {
  std::string text = head({"day", "runs", "outcomes", "cost"});
  for (const DayTotals& day : report.totals.days) {
    if (day.totals.runs == 0) continue;
    const bool is_over = report.caps.repository_day && day.totals.cost_usd > *report.caps.repository_day;
    text += row({day.date, std::to_string(day.totals.runs), outcomes_text(day.totals),
                 cost_text(day.totals) + (is_over ? " (over the cap)" : "")});
  }
  return text;
}

}  // namespace

std::string to_markdown(const Report& report) {
  std::string text =
      fmt::format("# {}: {}\n\n{}\n", plain(report.repository), period_text(report.order), summary(report));
  const auto section = [&](std::string_view title, const std::string& part) {
    text += fmt::format("## {}\n\n{}\n", title, part);
  };
  section("Waiting for you", waiting_part(report));
  if (!report.results.empty()) section("Results", runs_part(report.results));
  if (!report.failures.empty()) section("Failures", runs_part(report.failures));
  if (report.totals.totals.runs > 0) {
    section("Changelings", changelings_part(report));
    section("Days", days_part(report));
  }
  text.pop_back();
  return text;
}

}  // namespace changeling::report
