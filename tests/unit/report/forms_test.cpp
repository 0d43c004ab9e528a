#include <doctest/doctest.h>
#include <fmt/format.h>

#include "report/charts.hpp"
#include "report/html.hpp"
#include "report/markdown.hpp"

using namespace changeling;
using namespace changeling::report;

namespace {

constexpr const char* hostile =
    "</td><script>alert(1)</script> | `x` **b** [a](javascript:x) ![i](http://e) <!-- \n# head";

store::RunRecord failed_run() {
  store::RunRecord run;
  run.id = "r1";
  run.changeling = "typo";
  run.status = store::RunStatus::Finished;
  run.outcome = store::Outcome::Failed;
  run.started_at = parse_timestamp("2026-11-20T12:00:00Z");
  run.error = hostile;
  return run;
}

store::RunRecord opened_run(const std::string& url) {
  store::RunRecord run = failed_run();
  run.id = "r2";
  run.error.clear();
  run.outcome = store::Outcome::OpenedPr;
  run.summary = hostile;
  run.pull_request = store::PullRequestReference{7, url, "open"};
  return run;
}

Report sample() {
  Report report;
  report.repository = "project";
  report.order.since = parse_timestamp("2026-11-20T00:00:00Z");
  report.order.until = parse_timestamp("2026-11-22T00:00:00Z");
  report.made_at = report.order.until;
  store::RunSum sum;
  sum.changeling = "typo";
  sum.day = "2026-11-20";
  sum.outcome = store::Outcome::Failed;
  sum.runs = 2;
  sum.cost_usd = 12.5;
  sum.duration = std::chrono::minutes(1);
  report.totals = add_up({sum}, {"2026-11-20", "2026-11-21"});
  report.totals.changelings[0].daily_cap_usd = 10;
  report.failures = {failed_run()};
  report.results = {opened_run("https://forge.example.org/pull/7")};
  report.waiting = {{Need::Kind::Review, "7", "typo", hostile, std::nullopt, "git changeling review show 7"}};
  report.caps.repository_day = 5;
  return report;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto place = text.find(part); place != std::string::npos; place = text.find(part, place + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("Markdown says what happened, what waits and what it cost beside the caps") {
  const std::string text = to_markdown(sample());
  CHECK(has(text, "2 runs: failed 2. Cost: $12.50; allowed are $5.00 a day."));
  CHECK(has(text, "| typo | 2 | failed 2 | 1m00s | $12.50 | $12.50 | $10.00 |"));
  CHECK(has(text, "| 2026-11-20 | 2 | failed 2 | $12.50 (over the cap) |"));
  CHECK_FALSE(has(text, "2026-11-21 |"));
  CHECK(has(text, "`git changeling review show 7`"));
  CHECK(has(text, "<https://forge.example.org/pull/7>"));
  CHECK(text.back() == '\n');
}

TEST_CASE("of many things of a kind the first ten are listed, and how many more there are") {
  Report report = sample();
  for (int number = 0; number < 12; ++number)
    report.waiting.push_back({Need::Kind::TaskBlocked, "t", "", fmt::format("task {:02} is blocked", number),
                              std::nullopt, "git changeling task unblock t"});
  const std::string text = to_markdown(report);
  CHECK(has(text, "task 09 is blocked"));
  CHECK_FALSE(has(text, "task 10 is blocked"));
  CHECK(has(text, "- 2 more of this kind. `git changeling status`"));
  CHECK(has(to_html(report), "2 more of this kind"));
  CHECK(has(text, "git changeling review show 7"));
}

TEST_CASE("text of others stays text in Markdown") {
  const std::string text = to_markdown(sample());
  CHECK_FALSE(has(text, "<script>"));
  CHECK_FALSE(has(text, "[a](javascript"));
  CHECK_FALSE(has(text, "\n# head"));
  CHECK(has(text, "\\[a\\]"));
  CHECK(has(text, "\\<\\!-- "));
}

TEST_CASE("a page needs nothing besides itself, and text of others stays text in it") {
  const std::string page = to_html(sample());
  CHECK(page.starts_with("<!DOCTYPE html>\n"));
  CHECK(has(page, "default-src 'none'"));
  CHECK_FALSE(has(page, "<script"));
  CHECK_FALSE(has(page, "javascript:x\""));
  CHECK_FALSE(has(page, "src="));
  CHECK_FALSE(has(page, "url("));
  CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  CHECK(has(page, "<a href=\"https://forge.example.org/pull/7\" rel=\"noreferrer noopener\">"));
  CHECK(count(page, "<svg ") == 2);
  CHECK(count(page, "<table>") == count(page, "</table>"));
  CHECK(count(page, "<tr>") == count(page, "</tr>"));
  CHECK(has(page, "class=\"number bad\">$12.50"));
}

TEST_CASE("an address that is no page becomes no link") {
  Report report = sample();
  report.results = {opened_run("javascript:alert(1)"), opened_run("local:7")};
  CHECK(count(to_html(report), "<a ") == 0);
}

TEST_CASE("an address out of a record breaks out of no link and no line") {
  for (const char* url :
       {"https://a>\n# head", "https://a |x| b", "https://a\" onclick=\"x", "https://a> <b"}) {
    CAPTURE(url);
    Report report = sample();
    report.results = {opened_run(url)};
    CHECK_FALSE(has(to_markdown(report), "https://a"));
    CHECK(count(to_html(report), "<a ") == 0);
  }
}

TEST_CASE("a report of nothing is one, too") {
  Report report;
  report.repository = "project";
  CHECK(has(to_markdown(report), "Nothing ran."));
  CHECK(has(to_markdown(report), "Nothing waits for you."));
  CHECK(has(to_html(report), "<p>Nothing ran.</p>"));
}

TEST_CASE("a chart has a bar for each value, none higher than the picture, and the cap's line") {
  const std::string chart =
      column_chart({{"a", 0, "a: 0"}, {"b", 5, "b: \"5\""}, {"c", 12, "c: 12"}}, 10.0, "Title & more");
  CHECK(count(chart, "<rect ") == 3);
  CHECK(count(chart, "class=\"bar over\"") == 1);
  CHECK(count(chart, "class=\"cap\"") == 1);
  CHECK(has(chart, "aria-label=\"Title &amp; more\""));
  CHECK(has(chart, "b: &quot;5&quot;"));
  CHECK_FALSE(has(chart, "\"-"));
  CHECK(count(column_chart({}, std::nullopt, "none"), "<rect ") == 0);
}
