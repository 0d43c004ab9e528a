#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "project/project.hpp"
#include "triggers/due.hpp"

namespace changeling::triggers {

/// What the schedule of one changeling asks for.
struct DueChangeling {
  Definition definition;
  triggers::Decision decision;
  std::string standing_obstacle = {};  ///< See triggers/due.hpp, as the following.
  bool trusted = true;
  std::string barrier = {};
  std::optional<Timestamp> barrier_until = {};
  std::optional<Timestamp> next_start = {};
};

/// Why it cannot start as things are, or not before a barrier ends, apart from being disabled or not trusted,
/// which are said elsewhere; empty when nothing is in the way.
std::string why_held_back(const DueChangeling& due);

/// "a, b are held back: REASON", a line for each reason of the names it holds back.
std::string held_back_lines(const std::map<std::string, std::vector<std::string>>& names_by_reason,
                            std::string_view indent);

/// Judges every changeling with a schedule, from what is here: neither the network nor the forge is asked.
/// The definitions are those of the base branch. Sorted by name.
std::vector<DueChangeling> judge_schedules(project::Project& project, Timestamp now);

}  // namespace changeling::triggers
