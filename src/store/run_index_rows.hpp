#pragma once

#include <optional>
#include <set>
#include <string>

#include "store/record_rows.hpp"
#include "store/run_record.hpp"
#include "store/sqlite.hpp"

namespace changeling::store {

/// What a run says about its changeling, as the index keeps it.
enum class Verdict { None, Success, Failure };

/// So many milliseconds of starts are added up to one row of run_spending. Midnight is a multiple everywhere.
inline constexpr std::int64_t spending_period = 15 * 60 * 1000;

/// Writes runs into the index's tables, inside a transaction of the caller. finish() completes the sums.
class RunRows : public RecordRows {
 public:
  explicit RunRows(Database& database) : database_(database) {}

  void read(const Snapshot& snapshot, const git::BlobChange& change, const std::string& id) override;
  /// `blob` holds the record.
  void put(const RunRecord& run, const git::ObjectId& blob);
  void remove(const std::string& id) override;
  void finish(Tables before) override;

 private:
  /// What the tables hold about a run now.
  struct Row {
    std::int64_t number = 0;
    std::int64_t period = 0;
  };
  std::optional<Row> find(const std::string& id);
  void sum_changed();
  void sum_all();

  Database& database_;
  std::set<std::int64_t> changed_periods_;
};

}  // namespace changeling::store
