#pragma once

#include <string>

#include "server/api/call.hpp"

namespace changeling::server::api {

// Where the next page begins, as a word that only we read. It names the last one that was seen and not a
// number of them, so that what comes meanwhile moves nothing; and it holds only for the conditions that it
// was given with.

/// `place` with the conditions of the call, as a word.
std::string make_cursor(const Call& call, const Json& place);
/// The place of the call's cursor, null without one. Throws Refusal (400) for a word that is none of ours, or
/// one of other conditions.
Json read_cursor(const Call& call);

}  // namespace changeling::server::api
