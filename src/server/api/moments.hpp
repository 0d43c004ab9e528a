#pragma once

#include "server/api/call.hpp"

namespace changeling::server::api {

/// What a parameter such as `since` means: a day (of this machine), a moment, or how long ago. Nothing where
/// it is left out. Throws Refusal (400) naming it.
std::optional<Timestamp> moment_at(const Call& call, const std::string& name);

}  // namespace changeling::server::api
