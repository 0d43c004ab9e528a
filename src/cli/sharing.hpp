#pragma once

#include <memory>

#include "cli/context.hpp"
#include "queue/task.hpp"
#include "run/delivery.hpp"
#include "store/sync.hpp"

namespace changeling::cli {

/// How the state is shared with one remote. `time_limit` zero means none.
std::unique_ptr<store::Sync> open_sync(Context& context, const std::string& remote,
                                       std::chrono::milliseconds time_limit);

/// Whether claims and runs share the state by themselves: there is a remote, and changeling.autosync is not
/// false.
bool shares_by_itself(Context& context);

/// changeling.syncTimeout: what sharing may take that nobody asked for.
std::chrono::milliseconds automatic_time_limit(Context& context);

/// Both ways with the remote, for commands that work without, too: within changeling.syncTimeout, and what
/// fails is only said.
void share_quietly(Context& context);

/// Sends what waits in the outbox and says what came of it; what fails is only said.
run::OutboxReport send_outbox(Context& context, run::Due due);

/// Whether the task's claim is not known to the remote, so that another one may win over it.
bool is_provisional(Context& context, const queue::Task& task);

/// Says when the last operation on a task stayed here although others should know it.
void say_unpublished(Context& context);

/// Lets a plain `git fetch` bring the remote's state to its tracking reference, and keeps it away from ours.
void track_state(Context& context, const std::string& remote);

}  // namespace changeling::cli
