#pragma once

#include "queue/task.hpp"
#include "server/api/call.hpp"

namespace changeling::server::api {

/// The task that the path names. Throws as store::TaskQueue::find.
queue::Task named_task(Call& call);
/// A task as it is now, with its record for the entity tag.
Reply task_reply(Call& call, const queue::Task& task);
/// If-Match holds for this task, see expect().
void expect_task(Call& call, const std::string& id);
/// Puts the fields of the body that every task has into the task; ids of others may be abbreviated. Throws
/// Error(Invalid) with the field.
void take_fields(Call& call, queue::Task& task);

}  // namespace changeling::server::api
