#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/environment.hpp"

namespace changeling::triggers {

/// How many changelings of a repository a schedule starts.
struct ScheduleCount {
  std::filesystem::path repository;  ///< Its common directory.
  bool exists = false;
  std::size_t scheduled = 0;
  std::string problem;  ///< Why they could not be counted; or empty.
};

/// Opens each repository. Counts what is enabled, as its base branch and its state define it.
std::vector<ScheduleCount> count_schedules(const Environment& environment,
                                           const std::vector<std::filesystem::path>& repositories);

}  // namespace changeling::triggers
