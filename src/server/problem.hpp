#pragma once

#include <string>

#include "server/message.hpp"
#include "support/error.hpp"

namespace changeling::server {

/// An answer that says no, as application/problem+json (RFC 9457): {"status", "title", "kind", "detail",
/// "hint"}, with kind and hint as the command line's errors have them.
Response problem(int status, ErrorKind kind, const std::string& message, const std::string& hint = "");

/// The words of a status, "Not Found"; "Error" for one that is not known.
std::string reason_of(int status);

}  // namespace changeling::server
