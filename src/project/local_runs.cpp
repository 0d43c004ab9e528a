#include "project/local_runs.hpp"

#include <fmt/format.h>

#include "support/files.hpp"

namespace changeling::project {

bool is_alive(const Places& places, const std::string& run_id) {
  return is_locked(places.run(run_id).lock());
}

store::LeaseWatch lease_watch(const Places& places) {
  return store::LeaseWatch(places.worktrees().parent_path() / "leases");
}

bool is_lost(const Places& places, const store::RunRecord& run, Timestamp now) {
  if (run.status != store::RunStatus::Running || is_alive(places, run.id)) return false;
  const Timestamp end = expiry_of(run);
  // One that has not even begun; there is no lease that could be waited out.
  if (now <= end && store::is_presumed_dead(run, now)) return true;
  return lease_watch(places).is_over(
      {fmt::format("run {}/{}", run.id, format_timestamp(end)), end, end - run.started_at}, now);
}

}  // namespace changeling::project
