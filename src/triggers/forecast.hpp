#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/run_record.hpp"
#include "support/clock.hpp"

namespace changeling::triggers {

/// What a run will probably take, from those before it.
struct Expectation {
  std::optional<Duration> duration;  ///< Nothing without a finished run.
  std::optional<double> cost_usd;    ///< Nothing without a run that told its cost.
};

/// Medians over the changeling's last ten finished runs. `runs` newest first; those of tasks do not count.
Expectation expect_run(const std::vector<store::RunRecord>& runs, const std::string& changeling);

}  // namespace changeling::triggers
