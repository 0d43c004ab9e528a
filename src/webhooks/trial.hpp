#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "project/project.hpp"
#include "store/webhook_record.hpp"
#include "webhooks/mapping.hpp"

namespace changeling::webhooks {

/// What a delivery would do, as far as it can be told without asking anybody.
struct Trial {
  std::string event;
  std::string signature;  ///< "right", "wrong", "stale", or "not given".
  Values values;
  std::string ignored;     ///< Why the webhook would not want it; or empty.
  std::string refused;     ///< Why it must not start anything; or empty.
  std::string changeling;  ///< What it would start,
  std::string title;       ///< or the task that it would add.
  std::string description;
  std::string occasion;  ///< What the agent would be told.
};
nlohmann::json to_json(const Trial& trial);

/// `text` is a body, or headers, an empty line and a body. `event` counts where no header says it. Throws
/// Error(Invalid) for a body that is no JSON object.
Trial try_delivery(project::Project& project, const store::WebhookRecord& webhook, std::string_view text,
                   const std::string& event);

}  // namespace changeling::webhooks
