#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "store/sync.hpp"

namespace changeling::store {

// What git and servers say, which no exit code tells.

/// Whether a fetch failed only because the remote does not have the reference (yet).
bool says_missing_reference(std::string_view message);

/// Why a server that was reached does not take the reference at all, with what to do about it; nothing when
/// the message does not speak of that.
std::optional<Declined> refusal_of(const std::string& message, const std::string& reference);

}  // namespace changeling::store
