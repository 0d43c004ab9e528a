#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "store/sqlite.hpp"
#include "store/task_index.hpp"

namespace changeling::store {

/// A statement and what is bound to it, in order.
struct Sql {
  std::string text;
  std::vector<std::variant<std::int64_t, std::string>> values;

  void append(const Sql& other);
  /// Binds the values; they must outlive the statement's run.
  Statement prepare(Database& database) const;
};

/// Rows (number, id, priority, created_at) of the claimable tasks, in order.
Sql claimable_rows(Database& database, const queue::ClaimFilter& filter, Timestamp now, std::size_t limit);
/// Rows (number, id, priority, created_at) that a listing asks for, in order.
Sql found_rows(Database& database, const TaskQuery& query);
/// One row with the number of tasks.
Sql counted_rows(Database& database, const TaskQuery& query);

}  // namespace changeling::store
