#pragma once

#include <optional>
#include <string>
#include <vector>

#include "project/definitions.hpp"
#include "project/project.hpp"
#include "store/run_record.hpp"
#include "triggers/due_changelings.hpp"

namespace changeling::triggers {

/// One changeling as `list` and `status` show it.
struct ChangelingOverview {
  Definition definition;
  std::string source;
  bool trusted = false;  ///< Whether it may run on this machine.
  /// When its schedule can really start it next; nothing when it cannot, as things are, or has none.
  std::optional<Timestamp> next_run;
  std::string held_back = {};  ///< What keeps its schedule from starting it in time; empty: nothing does.
  std::optional<store::RunRecord> last_run;  ///< The newest, running or finished.
};

/// All changelings of a repository, judged once.
struct Overviews {
  std::vector<ChangelingOverview> changelings;  ///< Sorted by name.
  std::vector<DueChangeling> judged;            ///< Those with a schedule, see judge_schedules().
  std::string problem;  ///< Why no schedule starts anything: a file on the base branch that cannot be read.
};

Overviews load_overviews(project::Project& project);

}  // namespace changeling::triggers
