#pragma once

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/detach.hpp"
#include "cli/run_order.hpp"

namespace changeling::cli {

/// Runs a changeling here and now, showing progress, or in the background. The answer's exit code is 0 for a
/// successful outcome and 1 for every other, also when there was no run because one is under way.
Answer run_changeling(Context& context, const RunOrder& order);

/// The command of the process that leads a run in the background, see own_program.hpp.
inline constexpr const char* lead_run_word = "__lead-run";
/// What that process does. The start is reported when the run has its record, or why there is none.
void lead_in_background(Context& context, const RunOrder& order, const ReportStart& report_start);

}  // namespace changeling::cli
