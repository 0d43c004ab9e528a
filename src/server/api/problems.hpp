#pragma once

#include "server/api/call.hpp"

namespace changeling::server::api {

/// The only table of them.
int status_of(ErrorKind kind);
/// The status of a refusal, or that of the error's kind.
int status_of(const Error& error);

/// A problem as RFC 9457 has it, with the kind and the hint of the command line.
Json problem_json(const Error& error);
Response problem_response(const Error& error);

}  // namespace changeling::server::api
