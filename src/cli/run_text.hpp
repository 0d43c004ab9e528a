#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "run/progress_file.hpp"
#include "store/run_record.hpp"
#include "support/terminal.hpp"

namespace changeling::cli {

/// " (merged)" or " (closed)", of the run's pull request; empty while it is open, and without one.
std::string request_note(const store::RunRecord& run);
Style outcome_style(const store::RunRecord& run, Timestamp now);
/// "$0.04", or "-" when unknown.
std::string money(const std::optional<double>& usd);
/// "12.3k", "4.5M".
std::string compact_count(std::int64_t count);
/// "4.2 MiB".
std::string byte_count(std::uint64_t bytes);
/// "12s · 3 turns · 12.3k tokens · $0.04".
std::string usage_text(const run::Progress& progress);
/// A table of runs with a heading.
std::string runs_table(const std::vector<store::RunRecord>& runs, const Terminal& terminal, Timestamp now);
/// Everything about one run, for `run` and `runs show`.
std::string run_details(const store::RunRecord& run, const Terminal& terminal, Timestamp now);

}  // namespace changeling::cli
