#pragma once

#include <string>
#include <vector>

#include "project/services.hpp"
#include "run/observer.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// What a run's worktree was made from; written before it is made, for whoever has to clean up.
struct StartNote {
  std::string base;
  std::string base_commit;
  std::string start;   ///< Commit that the worktree held at first.
  std::string branch;  ///< The run's own.
};
void write_start_note(const project::RunFiles& files, const StartNote& note);

/// Finishes what a killed process of this repository left: ends its agents, keeps the work on the run's
/// branch, removes the worktree, and writes the record as killed. Safe to call at any time and from several
/// processes. Returns the records it finished. What cannot be recovered now becomes a message and is tried
/// again next time.
std::vector<store::RunRecord> recover_dead_runs(const project::Services& services, const Observer& observer);

/// Writes the records of lost runs (is_lost) as killed, with a sentence, and takes their lease away: a
/// machine that comes back after all stops without pushing.
void finish_lost_runs(const project::Services& services, const Observer& observer);

}  // namespace changeling::run
