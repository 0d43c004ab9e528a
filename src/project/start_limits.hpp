#pragma once

#include <optional>

#include "git/repository.hpp"
#include "support/clock.hpp"

namespace changeling::project {

/// What runs of this repository may cost together, in dollars of a local day and month; nothing: no cap.
struct SpendingCaps {
  std::optional<double> repository_day;
  std::optional<double> repository_month;
};

/// What the user of this machine allows in this repository.
struct StartLimits {
  SpendingCaps caps;
  Duration first_pause = std::chrono::hours(1);  ///< After failures, see run/cooldown.hpp; zero: none.
};

/// changeling.dailyBudget, changeling.monthlyBudget and changeling.cooldown. Throws Error(Invalid) for what
/// is no amount of money or no duration.
StartLimits start_limits(const git::Repository& repository);

}  // namespace changeling::project
