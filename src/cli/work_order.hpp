#pragma once

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/syntax.hpp"
#include "work/work_order.hpp"

namespace changeling::cli {

/// What `dispatch` and `work` are told besides the order itself.
struct WorkCommand {
  work::WorkOrder order;
  bool dry_run = false;
};

/// The part of the order that both commands declare.
void declare_work_options(Syntax& syntax, WorkCommand& command);
/// Throws Error(Usage), or Error(NotFound) for an unknown role, before anything is claimed.
void check_work_order(Context& context, const WorkCommand& command);
/// Works in this process, showing how it gets on, or in several.
work::WorkOutcome carry_out(Context& context, const work::WorkOrder& order);

/// The tasks that would be taken, with their prompts.
Answer describe_order(Context& context, const work::WorkOrder& order);

/// What `dispatch` and `work` answer.
Answer work_answer(Context& context, const work::WorkOutcome& outcome);

}  // namespace changeling::cli
