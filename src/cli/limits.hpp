#pragma once

#include "git/repository.hpp"
#include "run/start_limits.hpp"

namespace changeling::cli {

/// changeling.dailyBudget, changeling.monthlyBudget and changeling.cooldown. Throws Error(Invalid) for what
/// is no amount of money or no duration.
run::StartLimits start_limits(const git::Repository& repository);

}  // namespace changeling::cli
