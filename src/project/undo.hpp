#pragma once

#include "project/project.hpp"
#include "store/undo.hpp"

namespace changeling::project {

/// Takes an operation back (store::operation_to_undo names it), tells the events of the tasks that change by
/// that, and lets hooks follow the definitions.
store::Undone take_back(Project& project, const store::OperationRecord& operation);

}  // namespace changeling::project
