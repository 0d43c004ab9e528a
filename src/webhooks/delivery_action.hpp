#pragma once

#include "support/error.hpp"
#include "webhooks/delivery_rules.hpp"

namespace changeling::webhooks {

/// Whether trying later may help.
bool may_help_to_wait(const Error& error);

/// Claims the delivery, for all machines where the state is shared, and does what its webhook says: starts
/// the changeling, or adds the task. Repeated after it was cut off, it does what is left. Throws what
/// may_help_to_wait(), such as Error(Unavailable) when the claim cannot be made known; any other error is the
/// outcome.
Finding act(project::Project& project, const KeptDelivery& delivery, const Wanted& wanted);

}  // namespace changeling::webhooks
