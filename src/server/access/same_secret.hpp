#pragma once

#include <string_view>

namespace changeling::server::access {

/// Whether two secrets are the same. How long it takes does not tell where they differ: their digests are
/// compared, all bytes of them. An empty secret is the same as nothing.
bool same_secret(std::string_view one, std::string_view other);

}  // namespace changeling::server::access
