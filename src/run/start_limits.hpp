#pragma once

#include "run/cooldown.hpp"
#include "run/spending.hpp"

namespace changeling::run {

/// What the user of this machine allows in this repository.
struct StartLimits {
  SpendingCaps caps;
  Duration first_pause = usual_first_pause;  ///< After failures, see cooldown.hpp; zero: none.
};

}  // namespace changeling::run
