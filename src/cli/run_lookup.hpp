#pragma once

#include <string>

#include "cli/context.hpp"
#include "store/run_record.hpp"
#include "support/json.hpp"

namespace changeling::cli {

/// The run that a word on the command line means: an id or its beginning, or the name of a changeling for its
/// newest run. Throws Error(NotFound), or Error(Usage) when several ids match.
store::RunRecord find_run(Context& context, const std::string& word);

/// The record as JSON; with `presumed_dead` (run::is_lost), and with its report, when the run made one and it
/// is on this machine.
Json run_to_json(Context& context, const store::RunRecord& run);
/// The report that a run left on this machine.
std::optional<std::string> report_of(Context& context, const store::RunRecord& run);

}  // namespace changeling::cli
