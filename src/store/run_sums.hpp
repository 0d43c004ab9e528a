#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/run_record.hpp"

namespace changeling::store {

class RecordIndex;

/// Which runs are added up.
struct SumQuery {
  Timestamp since{};                     ///< Started at this time or later.
  Timestamp until{};                     ///< Started before.
  std::vector<std::string> changelings;  ///< Empty: all.
};

/// What the runs of one changeling, one day and one outcome come to.
struct RunSum {
  std::string changeling;
  std::string day;                 ///< "2026-11-20", by the machine's clock and zone, as the caps have it.
  std::optional<Outcome> outcome;  ///< Nothing: they go on.
  std::int64_t runs = 0;
  double cost_usd = 0;      ///< What the agents have told.
  std::int64_t untold = 0;  ///< Runs whose agent has told no cost.
  Duration duration{};      ///< Of those that have ended.
};

/// By day, then changeling, then outcome. Answered by the index, brought up by its owner, without a record
/// being read.
std::vector<RunSum> run_sums(RecordIndex& index, const SumQuery& query);

}  // namespace changeling::store
