#include "server/service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "server/access/cookie.hpp"
#include "server/access/same_secret.hpp"
#include "server/api/own_routes.hpp"
#include "server/api/problems.hpp"
#include "server/deliveries.hpp"
#include "server/pages.hpp"
#include "server/problem.hpp"
#include "server/subscription.hpp"
#include "server/worker_pool.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

constexpr std::string_view repositories_prefix = "/repositories/";
constexpr std::string_view api_prefix = "/api/v1/";
constexpr std::string_view sessions_path = "/api/v1/sessions";
constexpr std::string_view events_path = "/api/v1/events";

Response json_response(const Json& json, int status = 200) {
  Response response;
  response.status = status;
  response.body = json_text(json) + "\n";
  return response;
}

Response not_allowed(const std::string& allowed) {
  Response response = problem(405, ErrorKind::Usage, "this cannot be done here", "allowed are " + allowed);
  response.headers["allow"] = allowed;
  return response;
}

Response no_such(const std::string& path) {
  return problem(404, ErrorKind::NotFound, "there is nothing at " + shortened(path),
                 "the API lies below /api/v1/");
}

bool is_public(const RequestHead& head) {
  const std::string path = route_of(head.path).path;
  if (path == "/login") return true;
  return (is_public_page(path) || head.path == "/healthz") && !access::is_write(head.method);
}

/// A person before a browser, who is to see how to log in, and not a problem in JSON.
bool asks_for_a_page(const RequestHead& head) {
  const auto accept = head.headers.find("accept");
  return head.method == "GET" && accept != head.headers.end() &&
         accept->second.find("text/html") != std::string::npos;
}

/// What somebody without a login gets.
Response needs_login(const RequestHead& head, const access::Refusal& refusal) {
  Response response = asks_for_a_page(head)
                          ? page("/login", {})
                          : problem(refusal.status, refusal.kind, refusal.message, refusal.hint);
  response.status = refusal.status;
  // It is no version of what the address shows.
  response.headers.clear();
  response.headers["www-authenticate"] = "Bearer";
  return response;
}

bool wants_socket(const RequestHead& head) {
  const auto upgrade = head.headers.find("upgrade");
  return upgrade != head.headers.end() && to_lower(upgrade->second) == "websocket";
}

/// Where a client's events begin has to be a number.
std::optional<Response> refuse_after(const RequestHead& head) {
  const auto after = head.query.find("after");
  if (after == head.query.end() || event_number(after->second)) return std::nullopt;
  return problem(400, ErrorKind::Invalid,
                 "after: '" + shortened(after->second) + "' is no number of an event",
                 "name the seq of the last event that is known, or leave it out");
}

std::variant<Caller, access::Refusal> judge_delivery(const RequestHead& head, const access::Site& site) {
  if (auto refusal = access::refuse_anybody(head, site)) return *refusal;
  return Caller{};
}

Response too_slow() {
  return problem(503, ErrorKind::Unavailable, "the answer took too long, and was given up",
                 "try again, or ask for less");
}

}  // namespace

Route route_of(const std::string& path) {
  if (!path.starts_with(repositories_prefix)) return {path, ""};
  const auto end = path.find('/', repositories_prefix.size());
  if (end == std::string::npos) return {path, ""};
  return {path.substr(end), path.substr(repositories_prefix.size(), end - repositories_prefix.size())};
}

Service::Service(Parts parts, std::string cookie) : parts_(std::move(parts)) {
  site_.cookie = std::move(cookie);
}

void Service::know(const Surroundings& surroundings) {
  surroundings_ = surroundings;
  site_.hosts = surroundings.hosts;
  site_.trusted_proxies = surroundings.trusted_proxies;
}

std::string Service::make_code(access::Role role) {
  return codes_.make(role, parts_.clock.now());
}

std::optional<Response> Service::refuse(const RequestHead& head, Caller& caller) {
  // A viewer may not write, but go.
  const bool leaves = route_of(head.path).path == "/logout";
  const access::Logins logins{[this, leaves](const std::string& word) -> std::optional<Caller> {
                                const access::Session* session =
                                    parts_.sessions.find(word, parts_.clock.now());
                                if (session == nullptr) return std::nullopt;
                                return Caller{session->id, std::string(access::to_string(session->role)),
                                              session->role == access::Role::Owner || leaves};
                              },
                              [this](const std::string& word) -> std::optional<Caller> {
                                if (!access::same_secret(word, parts_.token)) return std::nullopt;
                                return Caller{"token", "owner", true};
                              },
                              [this](const Caller& known, const std::string& page_word) {
                                return parts_.sessions.is_own_page(known.session, page_word);
                              }};
  // Who sends a delivery has no login; its signature is looked at by a worker.
  const auto judged =
      is_delivery(head) ? judge_delivery(head, site_) : access::judge(head, site_, is_public(head), logins);
  if (const auto* refusal = std::get_if<access::Refusal>(&judged)) {
    if (refusal->status == 401) return needs_login(head, *refusal);
    return problem(refusal->status, refusal->kind, refusal->message, refusal->hint);
  }
  caller = std::get<Caller>(judged);
  if (!wants_socket(head)) return std::nullopt;
  // A browser cannot send our header here, and a cookie alone changes nothing.
  caller.may_write = caller.may_write && head.headers.contains("authorization");
  return refuse_upgrade(head);
}

std::optional<Response> Service::refuse_upgrade(const RequestHead& head) const {
  const Route route = route_of(head.path);
  if (route.path != events_path || !folder_of(route.repository)) return no_such(head.path);
  const auto version = head.headers.find("sec-websocket-version");
  if (version != head.headers.end() && version->second == "13") return refuse_after(head);
  Response response = problem(426, ErrorKind::Invalid, "a WebSocket is of version 13 here",
                              "send: Sec-WebSocket-Version: 13");
  response.headers["sec-websocket-version"] = "13";
  response.headers["upgrade"] = "websocket";
  return response;
}

std::optional<std::string> Service::folder_of(const std::string& repository) const {
  const auto& all = surroundings_.repositories;
  if (repository.empty()) return all.empty() ? std::nullopt : std::optional(all.front().folder);
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Served& one) { return one.name == repository; });
  return found == all.end() ? std::nullopt : std::optional(found->folder);
}

void Service::answer(const RequestHead& head, Request request, const Reply& reply) {
  try {
    if (auto own = own_answer(head, request)) return reply(std::move(*own));
  } catch (const Error& error) {
    return reply(api::problem_response(error));
  }
  if (is_delivery(head)) return pass_on_delivery(std::move(request), reply);
  const Route route = route_of(request.path);
  const auto folder = folder_of(route.repository);
  if (!route.path.starts_with(api_prefix)) return reply(no_such(request.path));
  if (!folder)
    return reply(
        problem(404, ErrorKind::NotFound, "no such repository is served", "see /api/v1/repositories"));
  request.path = route.path;
  // Of logins the workers know who, and nothing that would be one.
  for (const char* secret : {"cookie", "authorization", "x-changeling"}) request.headers.erase(secret);
  parts_.ask_worker(*folder, std::move(request), looking_for_deliveries(*folder, reply));
}

/// A repository that is not served takes as long as a webhook that is not there.
void Service::pass_on_delivery(Request request, const Reply& reply) {
  const Route route = route_of(request.path);
  const auto known = folder_of(route.repository);
  const auto folder = known ? known : folder_of("");
  if (!folder) return reply(no_such_webhook());
  request.path = known ? route.path : "/hooks/.";
  request.headers.erase("cookie");
  parts_.ask_worker(*folder, std::move(request), looking_for_deliveries(*folder, reply));
}

/// Nothing but a delivery, or one that is replayed, is answered with 202.
Reply Service::looking_for_deliveries(const std::string& folder, const Reply& reply) const {
  return [this, folder, reply](Response response) {
    constexpr int kept = 202;
    const bool is_kept = response.status == kept;
    reply(std::move(response));
    if (is_kept) parts_.on_delivery(folder);
  };
}

std::optional<Response> Service::own_answer(const RequestHead& head, const Request& request) {
  if (request.path == "/healthz") return health_answer();
  // A page's own addresses are relative, so each repository has the pages, too.
  const std::string path = route_of(request.path).path;
  if (path == "/login" && request.method == "POST") return log_in(head, request);
  if (path == "/logout") return request.method == "POST" ? log_out(request) : not_allowed("POST");
  if (is_page(path)) return request.method == "GET" ? page(path, request.headers) : not_allowed("GET");
  if (path == "/api/v1/repositories") return repositories_answer();
  if (path == "/api/v1/session")
    return request.method == "GET" ? session_answer(request) : not_allowed("GET");
  if (path == sessions_path || path.starts_with(std::string(sessions_path) + "/"))
    return sessions_answer(request, path);
  return std::nullopt;
}

Response Service::health_answer() const {
  Json json{{"ok", true}, {"time", format_timestamp(parts_.clock.now())}};
  json.update(parts_.health());
  return json_response(json);
}

Response Service::failed_login(const std::string& client, Timestamp now) {
  const Duration wait = failed_.wait_for(client, now);
  if (wait <= Duration(0)) {
    failed_.note_failure(client, now);
    return problem(401, ErrorKind::Refused, "this code is not known, used up, or older than two minutes",
                   "a new link on the server's machine: git changeling serve login");
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  Response response = problem(429, ErrorKind::Unavailable, "too many logins have failed",
                              fmt::format("try again in {} seconds", seconds));
  response.headers["retry-after"] = std::to_string(seconds);
  return response;
}

Response Service::log_in(const RequestHead& head, const Request& request) {
  const Timestamp now = parts_.clock.now();
  // Others who guess at the same address must not lock out whoever has the code, which cannot be guessed.
  const auto role = codes_.take(api::own_body(request, "logIn").at("code").get<std::string>(), now);
  if (!role) return failed_login(access::client_of(head, site_), now);
  const access::Sessions::Made made = parts_.sessions.make(*role, now);
  Response response = json_response(
      {{"session", made.id}, {"user", access::to_string(*role)}, {"page_word", made.page_word}});
  const bool is_tls = access::origin_of(head, site_).scheme == "https";
  response.headers["set-cookie"] =
      access::set_cookie(site_.cookie, made.word, is_tls ? access::Channel::Tls : access::Channel::Plain,
                         access::Sessions::lifetime);
  return response;
}

Response Service::log_out(const Request& request) {
  api::own_body(request, "logOut");
  if (parts_.sessions.revoke(request.caller.session)) parts_.on_revoked();
  Response response = json_response({{"session", nullptr}});
  response.headers["set-cookie"] = access::set_cookie(site_.cookie, "", access::Channel::Plain, Duration(0));
  return response;
}

Response Service::session_answer(const Request& request) {
  const Caller& caller = request.caller;
  return json_response({{"session", caller.session}, {"user", caller.user}, {"may_write", caller.may_write}});
}

Response Service::sessions_answer(const Request& request, const std::string& path) {
  if (request.caller.user != "owner")
    return problem(403, ErrorKind::Refused, "only the owner sees and ends sessions");
  if (path == sessions_path) {
    if (request.method == "POST") return invite(request);
    if (request.method != "GET") return not_allowed("GET, POST");
    Json list = Json::array();
    for (const access::Session& session : parts_.sessions.list(parts_.clock.now()))
      list.push_back(to_json(session));
    return json_response({{"sessions", list}});
  }
  if (request.method != "DELETE") return not_allowed("DELETE");
  const std::string id = path.substr(sessions_path.size() + 1);
  if (!parts_.sessions.revoke(id))
    return problem(404, ErrorKind::NotFound, "there is no session " + shortened(id));
  parts_.on_revoked();
  return json_response({{"session", id}, {"revoked", true}});
}

/// Behind a proxy the address that people use is the page's to know; the link is relative to the service.
Response Service::invite(const Request& request) {
  const Timestamp now = parts_.clock.now();
  const Json body = api::own_body(request, "inviteToSession");
  if (auto known = invitations_.find(request, now)) return *known;
  const std::string role = json_string(body, "role").value_or("viewer");
  const std::string code = make_code(role == "owner" ? access::Role::Owner : access::Role::Viewer);
  const auto valid = std::chrono::duration_cast<std::chrono::seconds>(access::LoginCodes::lifetime);
  Response response = json_response(
      {{"role", role}, {"code", code}, {"login_url", "login#" + code}, {"valid_seconds", valid.count()}},
      201);
  invitations_.keep(request, response, now);
  return response;
}

Response Service::repositories_answer() const {
  Json list = Json::array();
  for (const Served& served : surroundings_.repositories)
    list.push_back({{"name", served.name}, {"api", fmt::format("repositories/{}/api/v1", served.name)}});
  return json_response({{"repositories", list}});
}

namespace {

/// What a worker says when it could not even read the question is none.
Response read_response(Frame frame) {
  try {
    return response_from(std::move(frame));
  } catch (const Error& error) {
    return problem(500, ErrorKind::Internal, error.what());
  }
}

}  // namespace

Response worker_response(WorkerAnswer answer) {
  using Outcome = WorkerAnswer::Outcome;
  switch (answer.outcome) {
    case Outcome::Answered:
      return read_response(std::move(answer.frame));
    case Outcome::Overloaded: {
      Response response = problem(503, ErrorKind::Unavailable, "too many requests wait already", "try again");
      response.headers["retry-after"] = "1";
      return response;
    }
    case Outcome::TooSlow:
      return too_slow();
    case Outcome::Crashed:
      break;
  }
  return problem(500, ErrorKind::Internal, "the process that worked on this has ended in the middle",
                 "this is a defect of git-changeling; please report it");
}

}  // namespace changeling::server
