#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace changeling::store {

class RecordIndex;

/// What some runs come to.
struct RunCosts {
  std::int64_t runs = 0;    ///< Those that there are records of.
  std::int64_t untold = 0;  ///< Of them, those whose agent has told no cost.
  double usd = 0;           ///< What the agents have told.
};

/// The sum over the runs with these ids, any number of them. Answered by the index, brought up by its owner,
/// without a record being read.
RunCosts costs_of_runs(RecordIndex& index, const std::vector<std::string>& ids);

}  // namespace changeling::store
