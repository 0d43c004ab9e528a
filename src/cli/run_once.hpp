#pragma once

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "run/run_order.hpp"
#include "store/run_record.hpp"

namespace changeling::cli {

/// Runs a changeling here and now, showing progress, or in the background. The answer's exit code is 0 for a
/// successful outcome and 1 for every other, also when there was no run because one is under way.
Answer run_changeling(Context& context, const run::RunOrder& order);

/// What is said of a run that has ended, with the same exit code.
Answer ended_run_answer(Context& context, const store::RunRecord& record);

}  // namespace changeling::cli
