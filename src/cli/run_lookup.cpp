#include "cli/run_lookup.hpp"

#include "support/error.hpp"

namespace changeling::cli {

store::RunRecord find_named_run(const store::Snapshot& snapshot, const std::string& word) {
  try {
    return find_run(snapshot, word);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::NotFound) throw;
    for (const store::RunRecord& run : read_runs(snapshot)) {  // Newest first.
      if (run.changeling == word) return run;
    }
    throw;
  }
}

}  // namespace changeling::cli
