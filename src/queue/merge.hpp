#pragma once

#include <optional>

#include "queue/task.hpp"

namespace changeling::queue {

/// Brings two histories of one task together: `base` as both last knew it (nothing when each made it),
/// `ours` with what is not published yet, `published` as the shared remote has it. Field by field:
///
/// - Changed on one side only: that side.
/// - Labels, blockers and artifacts: what either side added stays, what either side took away goes. Attempts:
///   all of them.
/// - The state (status, lease, assignee, reason) goes as a whole. A claim published since `base` wins over
///   everything unpublished, because its worker acts with the newest token. Otherwise done absorbs; otherwise
///   an unpublished claim gives way; otherwise the later writer.
/// - The rest: the later writer, by updated_at. At the same instant the larger record, so that every clone
///   decides alike.
///
/// The highest token of both sides stays the highest, so that none is given twice.
Task merge_tasks(const std::optional<Task>& base, const Task& ours, const Task& published);

}  // namespace changeling::queue
