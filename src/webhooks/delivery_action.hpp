#pragma once

#include "webhooks/delivery_rules.hpp"

namespace changeling::webhooks {

/// Claims the delivery, for all machines where the state is shared, and does what its webhook says: starts
/// the changeling, or adds the task. Repeated after it was cut off, it does what is left. Throws
/// Error(Unavailable) when the claim cannot be made known; nothing has been done then.
Finding act(project::Project& project, const KeptDelivery& delivery, const Wanted& wanted);

}  // namespace changeling::webhooks
