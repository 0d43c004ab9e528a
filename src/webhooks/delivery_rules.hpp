#pragma once

#include <variant>

#include "project/project.hpp"
#include "store/webhook_record.hpp"
#include "support/json.hpp"
#include "webhooks/kept_deliveries.hpp"
#include "webhooks/work_off.hpp"

namespace changeling::webhooks {

/// A delivery that shall do what its webhook says.
struct Wanted {
  store::WebhookRecord webhook;
  Json payload;  ///< What it is about as the forge has it now.
};

/// What the webhook, the person who caused it, and the forge say of a delivery, in this order; the first
/// objection is the finding. Nothing is written. Throws what asking the forge throws.
std::variant<Finding, Wanted> judge(project::Project& project, const KeptDelivery& delivery, Json payload,
                                    const OpenForge& open_forge);

}  // namespace changeling::webhooks
