#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "project/project.hpp"
#include "webhooks/kept_deliveries.hpp"
#include "webhooks/signature.hpp"

namespace changeling::webhooks {

/// What the sender is answered. Refusals say nothing of why.
struct Reception {
  int status = 404;
  nlohmann::json answer;  ///< An object; of a refusal empty.
  bool is_new = false;    ///< There is work to do.
};

/// Takes a delivery to the webhook of this name: 202 once it is kept, 200 for one that is known already and
/// for what is only to be answered, 400 for what is signed but no JSON object, 401 for a wrong or old
/// signature, 404 for a webhook that is not there, switched off or without a secret on this machine, 503 when
/// too many wait. To refuse an unknown webhook takes the same work as to refuse a signature.
Reception receive(project::Project& project, const std::string& name, const Headers& headers,
                  std::string_view body);

/// Where this clone keeps its deliveries.
KeptDeliveries kept_deliveries(project::Project& project);

}  // namespace changeling::webhooks
