#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "queue/task.hpp"
#include "store/record_rows.hpp"
#include "store/sqlite.hpp"

namespace changeling::store {

/// Writes tasks into the index's tables, inside a transaction of the caller. finish() completes what depends
/// on several tasks together: the number of open blockers, and the counts of statuses.
class TaskRows : public RecordRows {
 public:
  explicit TaskRows(Database& database);

  void read(const Snapshot& snapshot, const git::BlobChange& change, const std::string& id) override;
  /// `text` is the record the task was read from.
  void put(const queue::Task& task, std::string_view text);
  void remove(const std::string& id) override;
  void finish(Tables before) override;

 private:
  /// What the tables hold about a task now.
  struct Row {
    std::int64_t number = 0;
    std::int64_t status = 0;
    std::int64_t content_hash = 0;
  };

  std::optional<Row> find(std::string_view id);
  std::int64_t insert(const queue::Task& task, std::string_view text, std::int64_t hash);
  void update(const Row& row, const queue::Task& task, std::string_view text, std::int64_t hash);
  void add_content(std::int64_t number, const queue::Task& task);
  void remove_content(std::int64_t number);
  void note_status(std::string_view id, std::optional<std::int64_t> before,
                   std::optional<std::int64_t> after);

  Database& database_;
  std::array<std::int64_t, 7> count_changes_{};
  std::set<std::string, std::less<>> done_changed_;  ///< Tasks that became done, or are no longer.
  std::set<std::int64_t> recount_;                   ///< Tasks whose blockers are to be counted.
};

}  // namespace changeling::store
