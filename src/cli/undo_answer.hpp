#pragma once

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "store/undo.hpp"

namespace changeling::cli {

/// Tells the followers of events what came back, brings the hooks in step, and says what was done: for `undo`
/// and `redo`.
Answer answer_of_undo(Context& context, const store::Undone& undone);

}  // namespace changeling::cli
