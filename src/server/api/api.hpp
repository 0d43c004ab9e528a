#pragma once

#include "project/project.hpp"
#include "server/message.hpp"

namespace changeling::server::api {

/// Answers one request of the API; never throws. The caller decides who asks and whether they may be here at
/// all. `project` is opened anew for each request.
Response answer(const Request& request, project::Project& project);

}  // namespace changeling::server::api
