#pragma once

#include <vector>

#include "queue/task.hpp"
#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// Done tasks, untouched since `before`, and waited for by none of those that stay. A record that cannot be
/// read stays where it is.
std::vector<queue::Task> archivable_tasks(const Snapshot& snapshot, Timestamp before);

/// Moves them to archive/YYYY-MM.jsonl, by the month of their last change in UTC: a record a line.
void move_to_archive(const Snapshot& snapshot, Change& change, const std::vector<queue::Task>& tasks);

/// Tasks in the archive, newest first (by their last change, then id).
std::vector<queue::Task> read_archive(const Snapshot& snapshot, DamagedRecords* damaged = nullptr);

}  // namespace changeling::store
