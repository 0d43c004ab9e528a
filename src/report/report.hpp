#pragma once

#include <string>
#include <vector>

#include "project/project.hpp"
#include "project/start_limits.hpp"
#include "report/needs.hpp"
#include "report/totals.hpp"
#include "store/run_record.hpp"

namespace changeling::report {

/// What a report is about: runs that started from `since` on and before `until`.
struct Order {
  Timestamp since{};
  Timestamp until{};
  std::vector<std::string> changelings = {};  ///< Empty: all.
};

/// The longest period that is reported, so that a page has room for its days.
inline constexpr std::chrono::days longest_period{366};

/// What happened in a repository, what waits for its user, and what it cost.
struct Report {
  std::string repository;  ///< What people call it.
  Order order;
  Timestamp made_at{};
  AllTotals totals;
  /// What came of it: runs that opened or updated a pull request or reported, newest first, the last thirty.
  std::vector<store::RunRecord> results;
  /// Runs that failed, newest first, the last thirty.
  std::vector<store::RunRecord> failures;
  /// What waits as it is now, of these changelings, or (all of them) of the repository.
  std::vector<Need> waiting;
  project::SpendingCaps caps;
};

/// Throws Error(Usage) for a period that ends before it begins or is too long, and Error(NotFound) for a name
/// that neither is nor was one of a changeling.
Report make_report(project::Project& project, const Order& order);

}  // namespace changeling::report
