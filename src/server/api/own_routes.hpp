#pragma once

#include <span>
#include <string_view>

#include "server/api/route.hpp"
#include "server/message.hpp"
#include "support/json.hpp"

namespace changeling::server::api {

/// What the server answers itself, without a repository (x-served-by in the description), made from it at
/// build time; they have no handlers.
std::span<const Route> own_routes();

/// The body of a request for one of them, checked as every other is. `operation` is one of theirs. Throws
/// Refusal (400, 413, 422) with what is allowed.
Json own_body(const Request& request, std::string_view operation);

}  // namespace changeling::server::api
