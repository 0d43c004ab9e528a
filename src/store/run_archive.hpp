#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/damaged.hpp"
#include "store/run_record.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// Runs that ended before `before` and that no rule looks at any more at `now`. These stay: runs of the last
/// 32 days, for the caps and for what targets rest after failures; of each changeling the newest, those that
/// its forecast, its reservation, its schedule and its pause are made from; runs whose pull request is open,
/// or was rejected and names a target. A record that cannot be read stays where it is.
std::vector<RunRecord> archivable_runs(const Snapshot& snapshot, Timestamp before, Timestamp now);

/// Moves them to archive-runs/YYYY-MM.jsonl, by the month of their end in UTC: a record a line.
void move_to_archive(const Snapshot& snapshot, Change& change, const std::vector<RunRecord>& runs);

/// Archived runs whose ids begin so, at most `limit`. Lines that cannot be read are left out.
std::vector<RunRecord> find_archived_runs(const Snapshot& snapshot, const std::string& prefix,
                                          std::size_t limit);

}  // namespace changeling::store
