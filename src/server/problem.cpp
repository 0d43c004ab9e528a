#include "server/problem.hpp"

#include <algorithm>
#include <array>

namespace changeling::server {
namespace {

struct Reason {
  int status;
  std::string_view words;
};

constexpr std::array reasons{
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{409, "Conflict"},
    Reason{411, "Length Required"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{415, "Unsupported Media Type"},
    Reason{421, "Misdirected Request"},
    Reason{422, "Unprocessable Content"},
    Reason{426, "Upgrade Required"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{500, "Internal Server Error"},
    Reason{502, "Bad Gateway"},
    Reason{503, "Service Unavailable"},
};

}  // namespace

std::string reason_of(int status) {
  const auto found = std::find_if(reasons.begin(), reasons.end(),
                                  [status](const Reason& reason) { return reason.status == status; });
  return found == reasons.end() ? "Error" : std::string(found->words);
}

Json problem_json(int status, ErrorKind kind, const std::string& message, const std::string& hint) {
  return {{"status", status},
          {"title", reason_of(status)},
          {"kind", to_string(kind)},
          {"detail", message},
          {"hint", hint.empty() ? Json(nullptr) : Json(hint)}};
}

Response problem(int status, ErrorKind kind, const std::string& message, const std::string& hint) {
  return {
      status, "application/problem+json", {}, json_text(problem_json(status, kind, message, hint)) + "\n"};
}

}  // namespace changeling::server
