#pragma once

#include "store/sql.hpp"
#include "store/task_index.hpp"

namespace changeling::store {

/// Rows (number, id, priority, created_at) of the claimable tasks, in order.
Sql claimable_rows(Database& database, const queue::ClaimFilter& filter, Timestamp now, std::size_t limit);
/// Rows (number, id, priority, created_at) that a listing asks for, in order.
Sql found_rows(Database& database, const TaskQuery& query);
/// One row with the number of tasks.
Sql counted_rows(Database& database, const TaskQuery& query);

}  // namespace changeling::store
