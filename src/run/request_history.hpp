#pragma once

#include <vector>

#include "forge/forge.hpp"
#include "project/services.hpp"
#include "run/observer.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// What is open already of what a run works on.
struct RequestHistory {
  std::vector<store::RunRecord> earlier_runs;  ///< Those that worked on what is open now.
  std::vector<forge::PullRequest> own_open;    ///< What this run may go on with, oldest first.
};

/// Asks the forge and the remote, notes what became of earlier requests, and says which records cannot be
/// read. The services' runs are brought up.
RequestHistory look_at_requests(const project::Services& services, const Observer& observer,
                                const store::RunRecord& run);

}  // namespace changeling::run
