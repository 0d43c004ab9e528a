#pragma once

#include "changeling/approval_subject.hpp"
#include "store/webhook_record.hpp"

namespace changeling::project {

/// What a webhook does, and for whom. Whether it is enabled is no part of it: switching it off and on again
/// does what the user has seen.
ApprovalSubject approval_subject(const store::WebhookRecord& webhook);

}  // namespace changeling::project
