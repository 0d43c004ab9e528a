#pragma once

#include <string>

#include "server/message.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::server {

/// What says no as RFC 9457 has it: {"status", "title", "kind", "detail", "hint"}, with kind and hint as the
/// command line's errors have them.
Json problem_json(int status, ErrorKind kind, const std::string& message, const std::string& hint);
/// The same as an answer of the type application/problem+json.
Response problem(int status, ErrorKind kind, const std::string& message, const std::string& hint = "");

/// The words of a status, "Not Found"; "Error" for one that is not known.
std::string reason_of(int status);

}  // namespace changeling::server
