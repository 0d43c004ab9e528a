#pragma once

#include "cli/context.hpp"
#include "run/spending.hpp"

namespace changeling::cli {

/// The repository's caps: changeling.dailyBudget and changeling.monthlyBudget. Throws Error(Invalid) for what
/// is no amount of money.
run::SpendingCaps spending_caps(const git::Repository& repository);

}  // namespace changeling::cli
