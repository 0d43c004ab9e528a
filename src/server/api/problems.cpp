#include "server/api/problems.hpp"

#include <array>

#include "server/problem.hpp"

namespace changeling::server::api {
namespace {

struct KindRow {
  ErrorKind kind;
  int status;
};

constexpr std::array kinds{
    KindRow{ErrorKind::Usage, 400},    KindRow{ErrorKind::Invalid, 422},
    KindRow{ErrorKind::NotFound, 404}, KindRow{ErrorKind::Conflict, 409},
    KindRow{ErrorKind::Refused, 409},  KindRow{ErrorKind::Unavailable, 503},
    KindRow{ErrorKind::External, 502}, KindRow{ErrorKind::Io, 500},
    KindRow{ErrorKind::Git, 500},      KindRow{ErrorKind::Interrupted, 503},
    KindRow{ErrorKind::Internal, 500},
};

}  // namespace

int status_of(ErrorKind kind) {
  for (const KindRow& row : kinds) {
    if (row.kind == kind) return row.status;
  }
  return 500;
}

int status_of(const Error& error) {
  const auto* refusal = dynamic_cast<const Refusal*>(&error);
  return refusal == nullptr ? status_of(error.kind()) : refusal->status();
}

Json problem_json(const Error& error) {
  Json json = server::problem_json(status_of(error), error.kind(), error.what(), error.hint());
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) json.update(refusal->more);
  return json;
}

Response problem_response(const Error& error) {
  Response response{status_of(error), "application/problem+json", {}, json_text(problem_json(error)) + "\n"};
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) response.headers = refusal->headers;
  return response;
}

}  // namespace changeling::server::api
