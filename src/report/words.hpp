#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace changeling::report {

// What both forms of a report say alike.

/// "$0.04".
std::string money(double usd);
/// "$1.20 and more": some agents have not told what they cost.
std::string cost_text(const Totals& totals);
/// "2026-11-20 09:15 to 2026-11-27 09:15", by this machine's clock.
std::string period_text(const Order& order);
/// "opened-pr 3, failed 1", those of success first.
std::string outcomes_text(const Totals& totals);
/// A line on what a run came to: its error, its pull request, or what its agent says it did.
std::string result_text(const store::RunRecord& run);
/// "2026-11-20 09:15", by this machine's clock.
std::string time_text(Timestamp time);
/// What today's and this month's caps are; empty without any.
std::string caps_text(const Report& report);
/// The first ten of each kind; where there are more, one that says how many.
std::vector<Need> first_needs(const std::vector<Need>& needs);
/// The address of its pull request or report, if it is one of a page; else empty.
std::string page_of(const store::RunRecord& run);

}  // namespace changeling::report
