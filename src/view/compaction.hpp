#pragma once

#include <nlohmann/json_fwd.hpp>

#include "store/compaction.hpp"

namespace changeling::view {

/// What `compact` has done, or would do.
nlohmann::json to_json(const store::Compaction& compaction, bool dry_run);

}  // namespace changeling::view
