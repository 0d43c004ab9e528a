#pragma once

#include <optional>
#include <string>

#include "changeling/fields.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "support/clock.hpp"

namespace changeling::cli {

/// What `run` and `retry` start.
struct RunOrder {
  std::string changeling;
  std::string trigger = "manual";
  std::string retry_of;
  std::optional<Timestamp> scheduled_for;  ///< The time of the schedule, with the trigger "schedule".
  std::string run_id;                      ///< Empty: a new one. One that is taken is not used again.
  bool dry_run = false;
  bool detach = false;
  bool interactive = false;
  Layer overrides;  ///< What was typed for this run alone.
};

/// Runs a changeling here and now, showing progress, or in the background. The answer's exit code is 0 for a
/// successful outcome and 1 for every other, also when there was no run because one is under way.
Answer run_changeling(Context& context, const RunOrder& order);

}  // namespace changeling::cli
