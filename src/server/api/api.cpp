#include "server/api/api.hpp"

#include "server/problem.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "view/status.hpp"
#include "work/recovery.hpp"

namespace changeling::server::api {
namespace {

Response status(project::Project& project) {
  project.require_state();
  const view::Status status = view::read_status(project, work::current_sessions(project));
  Response response;
  response.body = json_text(view::to_json(project, status)) + "\n";
  return response;
}

}  // namespace

Response answer(const Request& request, project::Project& project) {
  try {
    if (request.method == "GET" && request.path == "/api/v1/status") return status(project);
    return problem(404, ErrorKind::NotFound, "the API has no " + request.method + " " + request.path);
  } catch (const Error& error) {
    return problem(error.kind() == ErrorKind::NotFound ? 404 : 500, error.kind(), error.what(), error.hint());
  } catch (const std::exception& error) {
    return problem(500, ErrorKind::Internal, error.what());
  }
}

}  // namespace changeling::server::api
