#pragma once

#include "project/project.hpp"
#include "server/api/kept_answers.hpp"
#include "server/message.hpp"

namespace changeling::server::api {

/// What every path of the API begins with.
inline constexpr std::string_view base_path = "/api/v1";
/// Longest body of a request, in bytes.
inline constexpr std::size_t longest_body = std::size_t{1} << 20U;

/// Answers one request of the API (docs/service-api.md, docs/openapi.json); never throws. The caller decides
/// who asks and whether they may be here at all; a write by somebody who may not is refused here.
///
/// `project` is opened anew for each write: it keeps settings, and what was required of the next operation.
/// One that is read may have answered others before. What is written bears the caller's session in its
/// trailers. What is in `kept` is not made again. Belongs to one thread.
Response answer(const Request& request, project::Project& project, KeptAnswers& kept);
Response answer(const Request& request, project::Project& project);

}  // namespace changeling::server::api
