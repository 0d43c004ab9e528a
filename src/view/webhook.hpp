#pragma once

#include <nlohmann/json_fwd.hpp>

#include "project/project.hpp"
#include "store/delivery_record.hpp"
#include "store/webhook_record.hpp"
#include "webhooks/kept_deliveries.hpp"

namespace changeling::view {

/// The record, `trusted`, how many `secrets` this machine has for it, and the `path` that it is sent to.
nlohmann::json to_json(project::Project& project, const store::WebhookRecord& webhook);
/// The record of the state, and `received_here`: the delivery's id, times, and headers where it was.
nlohmann::json deliveries_json(project::Project& project, const std::string& webhook, std::size_t limit);

}  // namespace changeling::view
