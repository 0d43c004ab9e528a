#include "run/retry.hpp"

#include "project/local_runs.hpp"
#include "support/error.hpp"

namespace changeling::run {

RunOrder order_to_retry(project::Project& project, const store::RunRecord& run) {
  const bool goes_on = run.status == store::RunStatus::Running &&
                       !project::is_lost(project.places(), run, project.clock().now());
  if (goes_on) {
    throw Error(ErrorKind::Refused, "run " + run.id + " is still running",
                "stop it first: git changeling stop " + run.id);
  }
  if (!run.task.empty()) {
    throw Error(ErrorKind::Refused,
                "run " + run.id + " worked on task " + run.task + ", which is tried again through the queue",
                "see where it stands: git changeling task show " + run.task);
  }
  RunOrder order;
  order.changeling = run.changeling;
  order.trigger = retry_trigger;
  order.retry_of = run.id;
  return order;
}

}  // namespace changeling::run
