#pragma once

#include "server/api/call.hpp"
#include "store/run_record.hpp"

namespace changeling::server::api {

/// A run as the API shows it: its record, and what it does now while it goes on.
Json run_json(project::Project& project, const store::RunRecord& run);

}  // namespace changeling::server::api
