#pragma once

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/syntax.hpp"
#include "store/undo.hpp"

namespace changeling::cli {

/// For `undo` and `redo`: takes the operation back, tells the followers of events what came back, brings the
/// hooks in step, and says what was done. Asks before what somebody else did, unless `yes`, of --yes.
Answer answer_of_undo(Context& context, const store::OperationRecord& operation, bool yes);

/// Adds --yes.
void add_yes_for_others(Syntax& syntax, bool& yes);

}  // namespace changeling::cli
