#pragma once

#include "server/api/call.hpp"

namespace changeling::server::api {

/// One page of the done tasks that `compact` has put into the archive, newest first. Throws Refusal (400)
/// when another condition is given.
Reply list_archived_tasks(Call& call);

}  // namespace changeling::server::api
