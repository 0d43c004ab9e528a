#pragma once

#include <string>

#include "server/message.hpp"

namespace changeling::server::api {

/// What stands for the Idempotency-Key of a request that has one. A key is the user's own: that of another
/// one means nothing. Throws Refusal (400) for something that is no key.
std::string key_of(const Request& request);
/// Equal for equal requests.
std::string fingerprint_of(const Request& request);
/// The refusal (422) of a key that was another request's.
[[noreturn]] void refuse_used_key();

}  // namespace changeling::server::api
