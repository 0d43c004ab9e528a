#include "run/retry.hpp"

#include "support/error.hpp"

namespace changeling::run {

RunOrder order_to_retry(const store::RunRecord& run) {
  if (run.status == store::RunStatus::Running) {
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
