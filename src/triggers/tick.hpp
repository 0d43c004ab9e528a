#pragma once

#include <string>
#include <vector>

#include "project/project.hpp"
#include "triggers/due_changelings.hpp"

namespace changeling::triggers {

/// What a tick came to for one changeling.
struct TickEntry {
  triggers::DueChangeling due;
  std::string run;               ///< Id of the run that was started; empty without one.
  std::string skipped;           ///< Why a due run did not begin after all; or empty.
  bool newly_held_back = false;  ///< A time has come that is held back, and this is told for the first time.
  /// A time that has passed without a run and is not made up for, told for the first time.
  std::optional<Timestamp> missed;
};

struct RepositoryTick {
  std::string repository;  ///< Path of its git folder.
  std::string name;        ///< What people call it.
  std::vector<TickEntry> entries;
  std::string problem;  ///< Why this repository could not be looked at; or empty.
};

enum class TickMode { Decide, Start };

/// Judges the schedules of one repository at `now`. With `Start` it leaves out what is known to wait
/// (quiet_time.hpp), sends what waits in the outbox, and
/// when something is due it shares the state, judges again, and starts what still is due in the background,
/// returning once each run has begun. Safe in any number of processes at once: that a time is run only once
/// is decided where a run begins. What is held back, and a time that nobody looked at and nobody makes up
/// for, becomes the event `trigger:skipped`, once for each time.
RepositoryTick tick_repository(project::Project& project, Timestamp now, TickMode mode);

/// The same for another repository of this user: one that cannot be looked at must not keep the others
/// waiting.
RepositoryTick tick_elsewhere(const project::Project& project, const std::string& git_folder, Timestamp now,
                              TickMode mode);

}  // namespace changeling::triggers
