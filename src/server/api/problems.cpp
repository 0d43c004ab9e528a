#include "server/api/problems.hpp"

#include <array>

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

struct StatusRow {
  int status;
  std::string_view phrase;
};

constexpr std::array statuses{
    StatusRow{400, "Bad Request"},
    StatusRow{403, "Forbidden"},
    StatusRow{404, "Not Found"},
    StatusRow{405, "Method Not Allowed"},
    StatusRow{409, "Conflict"},
    StatusRow{412, "Precondition Failed"},
    StatusRow{413, "Content Too Large"},
    StatusRow{422, "Unprocessable Content"},
    StatusRow{500, "Internal Server Error"},
    StatusRow{502, "Bad Gateway"},
    StatusRow{503, "Service Unavailable"},
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

std::string_view phrase_of(int status) {
  for (const StatusRow& row : statuses) {
    if (row.status == status) return row.phrase;
  }
  return "Error";
}

Json problem_json(const Error& error) {
  const int status = status_of(error);
  Json json{{"title", phrase_of(status)},
            {"status", status},
            {"detail", error.what()},
            {"kind", to_string(error.kind())},
            {"hint", error.hint().empty() ? Json(nullptr) : Json(error.hint())}};
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) json.update(refusal->more);
  return json;
}

Response problem_response(const Error& error) {
  Response response{status_of(error), "application/problem+json", {}, json_text(problem_json(error)) + "\n"};
  if (const auto* refusal = dynamic_cast<const Refusal*>(&error)) response.headers = refusal->headers;
  return response;
}

}  // namespace changeling::server::api
