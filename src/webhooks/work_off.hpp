#pragma once

#include <functional>
#include <string_view>

#include "project/project.hpp"
#include "webhooks/kept_deliveries.hpp"
#include "webhooks/source_forge.hpp"

namespace changeling::webhooks {

/// Works off what waits, the oldest first, and gives each its outcome; one process at a time, others return
/// at once. What cannot be decided now (the forge or the remote is out of reach) goes on waiting. `on_line`
/// gets a sentence for each that has an outcome. Returns how many still wait.
std::size_t work_off(project::Project& project, const std::function<void(std::string_view)>& on_line);

/// As work_off, for one: what is asked of the forge goes to `open_forge`, which may throw.
using OpenForge = std::function<std::optional<SourceForge>()>;
/// Throws Error(Unavailable) when it has to wait.
Finding decide_and_act(project::Project& project, const KeptDelivery& delivery, std::string_view body,
                       const OpenForge& open_forge);

/// Lets a delivery be worked off again, as one of its own: it passes the check of its signature anew, where
/// what was signed is kept, but not that of its age. Throws Error(Refused) when the signature is not right
/// any more, and as KeptDeliveries::find(). With `webhook` only one of that
/// webhook is found.
KeptDelivery replay(project::Project& project, const std::string& word, const std::string& webhook = "");

}  // namespace changeling::webhooks
