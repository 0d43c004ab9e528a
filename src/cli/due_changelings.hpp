#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "triggers/due.hpp"

namespace changeling::cli {

/// What the schedule of one changeling asks for.
struct DueChangeling {
  Definition definition;
  triggers::Decision decision;
  std::string standing_obstacle = {};  ///< See triggers/due.hpp, as the following.
  std::string barrier = {};
  std::optional<Timestamp> barrier_until = {};
  std::optional<Timestamp> next_start = {};
};

/// Judges every changeling with a schedule, from what is here: neither the network nor the forge is asked.
/// The definitions are those of the base branch. Sorted by name.
std::vector<DueChangeling> judge_schedules(Context& context, Timestamp now);

}  // namespace changeling::cli
