#include "store/task_events.hpp"

#include "queue/rules.hpp"
#include "queue/task_json.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

/// The record without what changes in every operation.
Json content(const queue::Task& task) {
  Json object = queue::to_json(task);
  for (const char* key : {"lease", "last_token", "updated_at", "updated_by"}) object.erase(key);
  return object;
}

bool is_new_claim(const queue::Task& before, const queue::Task& after) {
  return after.lease && (!before.lease || before.lease->token != after.lease->token);
}

bool is_completion(const queue::Task& before, const queue::Task& after) {
  return before.status == queue::TaskStatus::InFlight && !queue::is_dropped(after) &&
         (after.status == queue::TaskStatus::Review || after.status == queue::TaskStatus::Done);
}

}  // namespace

void each_task_event(const queue::Task* before, const queue::Task* after, const OnEvent& on_event) {
  if (before == nullptr && after == nullptr) return;
  if (before == nullptr) {
    return on_event("work:added", {{"task", after->id},
                                   {"title", after->title},
                                   {"status", to_string(after->status)},
                                   {"priority", to_string(after->priority)},
                                   {"role", after->role},
                                   {"by", after->created_by}});
  }
  if (after == nullptr) return on_event("work:removed", {{"task", before->id}, {"title", before->title}});

  const bool claimed = is_new_claim(*before, *after);
  if (claimed) {
    on_event("work:assigned", {{"task", after->id},
                               {"owner", after->lease->owner},
                               {"token", after->lease->token},
                               {"expires_at", format_timestamp(after->lease->expires_at)}});
  }
  if (before->status != after->status) {
    on_event("work:status_changed", {{"task", after->id},
                                     {"from", to_string(before->status)},
                                     {"to", to_string(after->status)},
                                     {"reason", after->blocked_reason},
                                     {"by", after->updated_by}});
    if (is_completion(*before, *after)) {
      on_event("work:completed", {{"task", after->id},
                                  {"title", after->title},
                                  {"status", to_string(after->status)},
                                  {"owner", before->lease ? before->lease->owner : ""}});
    }
  } else if (!claimed && content(*before) != content(*after)) {
    on_event("work:updated", {{"task", after->id}, {"by", after->updated_by}});
  }
}

}  // namespace changeling::store
