#pragma once

#include "store/run_index.hpp"
#include "store/sql.hpp"

namespace changeling::store {

inline std::int64_t milliseconds(Timestamp time) {
  return time.time_since_epoch().count();
}

/// The end of every statement whose rows are runs in the order in which they are answered.
inline constexpr const char* newest_first = " ORDER BY started_at DESC, id DESC";

/// Rows (blob) that a listing asks for, in order.
Sql found_runs(const RunQuery& query);
/// One row with the number of runs.
Sql counted_runs(const RunQuery& query);

/// Rows (blob, id, started_at) of the runs that answer RunHistory::of_requests, in order.
Sql runs_of_requests(const std::vector<std::int64_t>& numbers, const std::vector<std::string>& branches);
/// Rows (blob, id, started_at) of the runs that answer RunHistory::around_schedule, in order.
Sql runs_around_schedule(const std::string& changeling, Timestamp since);
/// Rows (target, end, pull_request, status, verdict) that answer RunHistory::target_tries, in order.
Sql target_rows(const std::string& changeling, Timestamp since, const std::vector<std::int64_t>& requests);

/// "IN (?, ?)" with the values; "IN ()" holds for nothing.
Sql among(const std::vector<std::int64_t>& numbers);
Sql among(const std::vector<std::string>& texts);

}  // namespace changeling::store
