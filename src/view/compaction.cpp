#include "view/compaction.hpp"

#include "support/json.hpp"

namespace changeling::view {

Json to_json(const store::Compaction& compaction, bool dry_run) {
  const std::string& archive = compaction.epoch.archive;
  return {{"epoch", compaction.epoch.number},
          {"previous_tip", compaction.epoch.previous_tip},
          {"operations", compaction.operations},
          {"archived_tasks", compaction.archived_tasks},
          {"archived_runs", compaction.archived_runs},
          {"archive", archive.empty() ? Json(nullptr) : Json(archive)},
          {"dry_run", dry_run}};
}

}  // namespace changeling::view
