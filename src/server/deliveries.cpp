#include "server/deliveries.hpp"

#include "server/problem.hpp"
#include "server/service.hpp"
#include "support/json.hpp"
#include "webhooks/reception.hpp"

namespace changeling::server {
namespace {

/// Why is nobody's business who cannot sign.
Response refused(int status) {
  Response response;
  switch (status) {
    case 400:
      return problem(400, ErrorKind::Invalid, "the body is no JSON object",
                     "let it be sent as application/json");
    case 401:
      return problem(401, ErrorKind::Refused, "this is not accepted");
    case 503:
      response =
          problem(503, ErrorKind::Unavailable, "too many deliveries wait already", "send it again later");
      response.headers["retry-after"] = "60";
      return response;
    default:
      return no_such_webhook();
  }
}

}  // namespace

std::optional<std::string> webhook_in(const std::string& path) {
  constexpr std::string_view prefix = "/hooks/";
  if (!path.starts_with(prefix)) return std::nullopt;
  std::string name = path.substr(prefix.size());
  if (name.empty() || name.find('/') != std::string::npos) return std::nullopt;
  return name;
}

bool is_delivery(const RequestHead& head) {
  return head.method == "POST" && webhook_in(route_of(head.path).path).has_value();
}

Response answer_delivery(const Request& request, project::Project& project) {
  const std::string name = webhook_in(request.path).value_or("");
  const webhooks::Reception reception = webhooks::receive(project, name, request.headers, request.body);
  constexpr int first_refusal = 400;
  if (reception.status >= first_refusal) return refused(reception.status);
  Response response;
  response.status = reception.status;
  response.body = json_text(reception.answer) + "\n";
  return response;
}

Response no_such_webhook() {
  return problem(404, ErrorKind::NotFound, "there is nothing here");
}

}  // namespace changeling::server
