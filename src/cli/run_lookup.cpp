#include "cli/run_lookup.hpp"

#include <unistd.h>

#include "run/live_run.hpp"
#include "store/records.hpp"
#include "support/files.hpp"

namespace changeling::cli {

store::RunRecord find_run(Context& context, const std::string& word) {
  const store::Snapshot snapshot = context.snapshot();
  if (auto run = store::read_run(snapshot, word)) return *run;
  const store::RunIndex& runs = context.current_runs();
  if (auto run = runs.newest(word)) return *run;
  return runs.find(word);
}

std::optional<std::string> report_of(Context& context, const store::RunRecord& run) {
  // Reports never leave the machine by themselves, so they are here or nowhere. In a shared repository others
  // keep theirs for themselves.
  const run::RunFiles files = context.places().run(run.id);
  if (::access(files.folder.c_str(), X_OK) != 0) return std::nullopt;
  return read_file_if_exists(files.artifacts() / "report.md");
}

Json run_to_json(Context& context, const store::RunRecord& run) {
  Json json = store::to_json(run);
  json["presumed_dead"] = run::is_lost(context.places(), run, context.clock().now());
  if (const auto report = report_of(context, run)) json["report"] = *report;
  return json;
}

}  // namespace changeling::cli
