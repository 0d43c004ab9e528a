#include "report/words.hpp"

#include <fmt/format.h>

#include <map>

#include "schedule/local_time.hpp"
#include "support/page_address.hpp"
#include "support/text.hpp"

namespace changeling::report {
namespace {

constexpr std::size_t longest_line = 160;

std::string one_line(const std::string& text) {
  return first_letters(without_controls(valid_utf8(text)), longest_line);
}

}  // namespace

std::string money(double usd) {
  return fmt::format("${:.2f}", usd);
}

std::string cost_text(const Totals& totals) {
  if (totals.untold == 0) return money(totals.cost_usd);
  return totals.cost_usd > 0 ? money(totals.cost_usd) + " and more" : "not told";
}

std::string time_text(Timestamp time) {
  return fmt::format("{} {}", schedule::local_date(time, "local"),
                     schedule::local_time_of_day(time, "local"));
}

std::string period_text(const Order& order) {
  return fmt::format("{} to {}", time_text(order.since), time_text(order.until));
}

std::string outcomes_text(const Totals& totals) {
  std::vector<std::string> parts;
  for (const auto& [outcome, runs] : totals.outcomes)
    parts.push_back(fmt::format("{} {}", to_string(outcome), runs));
  if (totals.running > 0) parts.push_back(fmt::format("running {}", totals.running));
  return join(parts, ", ");
}

std::string result_text(const store::RunRecord& run) {
  if (!run.error.empty()) return one_line(run.error);
  if (!run.pull_request) return one_line(run.summary);
  const std::string state = run.pull_request->state.empty() ? "" : " (" + run.pull_request->state + ")";
  return one_line(fmt::format("#{}{} {}", run.pull_request->number, state, run.summary));
}

std::string caps_text(const Report& report) {
  std::vector<std::string> parts;
  if (report.caps.repository_day) parts.push_back(money(*report.caps.repository_day) + " a day");
  if (report.caps.repository_month) parts.push_back(money(*report.caps.repository_month) + " a month");
  return join(parts, ", ");
}

std::string page_of(const store::RunRecord& run) {
  const std::string& url = run.pull_request ? run.pull_request->url : run.report_url;
  return is_page_address(url) ? url : "";
}

std::vector<Need> first_needs(const std::vector<Need>& needs) {
  constexpr std::size_t most = 10;
  std::map<Need::Kind, std::size_t> seen;
  std::vector<Need> first;
  for (const Need& need : needs) {
    const std::size_t number = ++seen[need.kind];
    if (number <= most) first.push_back(need);
    if (number == most + 1) first.push_back({need.kind, "", "", "", std::nullopt, "git changeling status"});
    if (number > most) first.back().text = fmt::format("{} more of this kind", number - most);
  }
  return first;
}

}  // namespace changeling::report
