#pragma once

#include <string_view>

namespace changeling::http {

/// Whether a host, as it stands in a URL, is this machine: an address in 127.0.0.0/8, `::1` with or without
/// brackets, or `localhost`. A name that only looks like such an address (127.example.org) is none.
bool is_loopback(std::string_view host);

}  // namespace changeling::http
