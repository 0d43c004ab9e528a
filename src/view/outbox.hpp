#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/outbox.hpp"
#include "run/delivery.hpp"

namespace changeling::view {

/// What waits to be sent.
nlohmann::json to_json(const project::OutboxEntry& entry);
/// What came of sending.
nlohmann::json to_json(const run::OutboxReport& outbox);

}  // namespace changeling::view
