#pragma once

#include <optional>
#include <string>
#include <vector>

#include "changeling/definition.hpp"
#include "run/services.hpp"
#include "store/run_record.hpp"

namespace changeling::run {

/// Under which terms a run may begin.
struct StartTerms {
  OverlapPolicy overlap = OverlapPolicy::Skip;
  double daily_budget_usd = 0;  ///< The changeling's own cap for a day; 0: none.
  /// Not without asking the remote, where there is one to share with: another machine may have done it.
  bool only_published = false;
};

/// Why `record` must not begin in the state that is shown; nothing when it may. Overlapping runs are not
/// looked at here. `runs` are all of the snapshot's, newest first.
std::optional<std::string> refuse_start(const Services& services, const store::Snapshot& snapshot,
                                        const std::vector<store::RunRecord>& runs,
                                        const store::RunRecord& record, const StartTerms& terms);

}  // namespace changeling::run
