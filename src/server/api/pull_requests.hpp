#pragma once

#include <cstdint>

#include "server/api/call.hpp"

namespace changeling::server::api {

/// The number in the path. Throws Refusal (404) for what is none.
std::int64_t number_of_request(const Call& call);

}  // namespace changeling::server::api
