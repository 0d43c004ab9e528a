#include "server/api/api.hpp"

#include <fmt/format.h>

#include "server/api/call.hpp"
#include "server/api/compression.hpp"
#include "server/api/entity_tag.hpp"
#include "server/api/problems.hpp"
#include "server/api/repeated_requests.hpp"

namespace changeling::server::api {
namespace {

void check_caller(const Request& request, const Route& route) {
  if (request.caller.may_write) return;
  if (route.owner_only)
    throw Refusal(403, ErrorKind::Refused, "only the owner of the service may see this",
                  "log in as the owner: git changeling serve login");
  if (request.method == "GET") return;
  throw Refusal(403, ErrorKind::Refused, "you may look, and change nothing",
                "ask the owner of the service for a login that may write");
}

void check_match(const Call& call) {
  if (!call.route.takes_match && call.request.headers.contains("if-match"))
    throw Refusal(400, ErrorKind::Usage, fmt::format("{} takes no If-Match", call.route.operation));
}

Response response_of(const Reply& reply) {
  Response response{reply.status, "application/json", reply.headers, ""};
  if (reply.content) response.content_type = reply.content->type;
  response.body = reply.content ? reply.content->bytes : json_text(reply.body) + "\n";
  response.headers["etag"] = entity_tag(reply.record, response.body);
  return response;
}

Reply reply_to(const Request& request, project::Project& project, const Found& found) {
  project.store().mark_operations(marks_of(request.caller));
  Call call = read_call(request, project, found);
  check_match(call);
  return found.route->handle(call);
}

Response carried_out(const Request& request, project::Project& project, const Found& found) {
  return response_of(reply_to(request, project, found));
}

/// What `work` gives, or the problem that it throws.
template <typename Work>
Response or_problem(const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    return problem_response(error);
  } catch (const std::exception& error) {
    return problem_response(Error(ErrorKind::Internal, error.what(), "this is a defect; please report it"));
  }
}

/// What has failed without a trace may be tried again with the same key.
bool is_to_be_kept(const Response& response, const project::Project& project) {
  return response.status < 500 || project.has_written();
}

/// Remembers what came of the request, or forgets that it was there.
Response kept(RepeatedRequests& requests, const Request& request, project::Project& project,
              const Response& response) {
  if (is_to_be_kept(response, project))
    requests.finish(request, response);
  else
    requests.forget(request);
  return response;
}

Response carried_out_once(const Request& request, project::Project& project, const Found& found) {
  const auto file = project.places().local_folder() / "requests.sqlite";
  try {
    RepeatedRequests requests(file, project.clock());
    if (auto known = requests.begin(request)) {
      known->headers["idempotency-replayed"] = "true";
      return *known;
    }
    return kept(requests, request, project, or_problem([&] { return carried_out(request, project, found); }));
  } catch (const store::SqliteFailure& failure) {
    throw Error(failure.is_busy() ? ErrorKind::Unavailable : ErrorKind::Io,
                fmt::format("{}: {}", file.string(), failure.what()),
                failure.is_damage() ? "remove the file; keys that were used are forgotten by that" : "");
  }
}

/// The state's commit is looked at first: what is written meanwhile makes the name one that is not asked for
/// again.
Response read(const Request& request, project::Project& project, const Found& found, KeptAnswers& kept) {
  const std::string name = KeptAnswers::name_of(request, project);
  if (const Response* known = kept.find(name)) return *known;
  const Reply reply = reply_to(request, project, found);
  Response response = response_of(reply);
  if (reply.is_of_state && !name.empty()) kept.keep(name, response);
  return response;
}

Response decided(const Request& request, project::Project& project, KeptAnswers& kept) {
  const Found found = find_route(request);
  check_caller(request, *found.route);
  if (request.method == "GET") return read(request, project, found, kept);
  const bool has_key = request.method == "POST" && request.headers.contains("idempotency-key");
  return has_key ? carried_out_once(request, project, found) : carried_out(request, project, found);
}

/// Nothing that the client has already.
void leave_out_known(const Request& request, Response& response) {
  const auto known = request.headers.find("if-none-match");
  const auto tag = response.headers.find("etag");
  if (request.method != "GET" || response.status != 200 || known == request.headers.end()) return;
  if (!is_known(known->second, tag->second)) return;
  response.status = 304;
  response.body.clear();
}

}  // namespace

// Line ends in them cannot make trailers of their own (git/commit_message).
std::map<std::string, std::string> marks_of(const Caller& caller) {
  std::map<std::string, std::string> trailers;
  if (!caller.session.empty()) trailers["Session"] = caller.session;
  if (!caller.user.empty()) trailers["User"] = caller.user;
  return trailers;
}

Response answer(const Request& request, project::Project& project, KeptAnswers& kept) {
  return or_problem([&] {
    Response response = or_problem([&] { return decided(request, project, kept); });
    leave_out_known(request, response);
    compress(request.headers, response);
    response.headers.try_emplace("cache-control", "no-cache");
    return response;
  });
}

Response answer(const Request& request, project::Project& project) {
  KeptAnswers none;
  return answer(request, project, none);
}

}  // namespace changeling::server::api
