#pragma once

#include <optional>
#include <string>

#include "store/run_history.hpp"
#include "support/clock.hpp"

namespace changeling::triggers {

/// What a run will probably take, from those before it.
struct Expectation {
  std::optional<Duration> duration;  ///< Nothing without a finished run.
  std::optional<double> cost_usd;    ///< Nothing without a run that told its cost.
};

/// Medians over the changeling's last ten finished runs; those of tasks do not count.
Expectation expect_run(const store::RunHistory& runs, const std::string& changeling);

}  // namespace changeling::triggers
