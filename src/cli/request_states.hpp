#pragma once

#include <vector>

#include "cli/context.hpp"
#include "store/run_record.hpp"

namespace changeling::cli {

/// Brings the states of pull requests of the local forge, as the runs' records have noted them, up to date.
/// People merge by hand, too, which is found out here. The network is not asked.
void fill_request_states(Context& context, std::vector<store::RunRecord>& runs);
void fill_request_state(Context& context, store::RunRecord& run);

}  // namespace changeling::cli
