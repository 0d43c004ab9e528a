#pragma once

#include <nlohmann/json_fwd.hpp>

#include "work/sync.hpp"

namespace changeling::view {

/// As `sync` answers it.
nlohmann::json to_json(const work::SyncReport& report);

}  // namespace changeling::view
