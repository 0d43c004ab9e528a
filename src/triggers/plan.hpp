#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/project.hpp"
#include "triggers/forecast.hpp"

namespace changeling::triggers {

/// The coming runs of one changeling on one day.
struct PlannedRuns {
  std::string repository;  ///< Path of its git folder.
  std::string repository_name;
  std::string changeling;
  std::string timezone;
  std::string date;                ///< "2026-11-21", by this machine's clock.
  std::vector<Timestamp> times;    ///< Oldest first, at least one.
  triggers::Expectation expected;  ///< Of one run.
  std::string obstacle;            ///< Why they would not start as things are, or where they run; or empty.
};

/// Sums over runs; what is not known counts as nothing and is told apart.
struct PlannedSum {
  std::size_t runs = 0;
  Duration duration{};
  double cost_usd = 0;
  bool cost_known = true;

  void add(const PlannedRuns& planned);
};

/// What the schedules of one repository ask for after `from` and until `until`, by day, time and name.
std::vector<PlannedRuns> plan_repository(project::Project& project, Timestamp from, Timestamp until);

}  // namespace changeling::triggers
