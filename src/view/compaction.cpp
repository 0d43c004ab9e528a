#include "view/compaction.hpp"

#include "store/record_kinds.hpp"
#include "support/json.hpp"

namespace changeling::view {

Json to_json(const store::Compaction& compaction, bool dry_run) {
  const std::string& archive = compaction.epoch.archive;
  return {{"epoch", compaction.epoch.number},
          {"previous_tip", compaction.epoch.previous_tip},
          {"operations", compaction.operations},
          {"archived_tasks", archived(compaction, store::task_kind)},
          {"archived_runs", archived(compaction, store::run_kind)},
          {"archive", archive.empty() ? Json(nullptr) : Json(archive)},
          {"dry_run", dry_run}};
}

}  // namespace changeling::view
