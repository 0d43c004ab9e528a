#pragma once

#include <string>

#include "store/run_record.hpp"
#include "store/sqlite.hpp"

namespace changeling::store {

/// What a run says about its changeling, as the index keeps it.
enum class Verdict { None, Success, Failure };

/// Writes runs into the index's tables, inside a transaction of the caller.
class RunRows {
 public:
  explicit RunRows(Database& database) : database_(database) {}

  void put(const RunRecord& run);
  void remove(const std::string& id);

 private:
  Database& database_;
};

}  // namespace changeling::store
