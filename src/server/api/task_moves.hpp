#pragma once

#include "queue/task.hpp"
#include "server/api/call.hpp"

namespace changeling::server::api {

/// The token that the body gives, or that of the worker's own claim. Throws as queue::held_token.
std::int64_t token_of(Call& call, const queue::Task& task);

// What may happen to one task by its id, with what the body says; each gives the task as it is then.

queue::Task move_one(Call& call, const std::string& id);
queue::Task close_one(Call& call, const std::string& id);
queue::Task drop_one(Call& call, const std::string& id);
queue::Task block_one(Call& call, const std::string& id);
queue::Task unblock_one(Call& call, const std::string& id);
queue::Task approve_one(Call& call, const std::string& id);

}  // namespace changeling::server::api
