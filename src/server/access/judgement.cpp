#include "server/access/judgement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/loopback.hpp"
#include "server/access/cookie.hpp"
#include "support/text.hpp"

namespace changeling::server::access {
namespace {

using MaybeRefusal = std::optional<Refusal>;

std::string header(const RequestHead& head, std::string_view name) {
  const auto found = head.headers.find(std::string(name));
  return found == head.headers.end() ? "" : found->second;
}

bool is_one_of(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool comes_from_proxy(const RequestHead& head, const Site& site) {
  return is_one_of(site.trusted_proxies, head.peer);
}

/// "localhost" of "localhost:8473", "[::1]" of "[::1]:8473"; nothing for what is no host with a port.
std::optional<std::string> name_in(const std::string& host) {
  const auto bracket = host.find(']');
  const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
  const std::string port = colon == std::string::npos ? "0" : host.substr(colon + 1);
  const bool is_number =
      !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
  const std::string name = host.substr(0, colon);
  if (!is_number || name.empty()) return std::nullopt;
  return name;
}

bool is_known_host(const std::string& host, const Site& site) {
  const auto name = name_in(to_lower(host));
  return name && (http::is_loopback(*name) || is_one_of(site.hosts, *name));
}

std::string forwarded_host(const RequestHead& head, const Site& site) {
  return comes_from_proxy(head, site) ? header(head, "x-forwarded-host") : "";
}

MaybeRefusal refuse_method(const RequestHead& head) {
  constexpr std::array<std::string_view, 6> known{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  if (std::find(known.begin(), known.end(), head.method) != known.end()) return std::nullopt;
  return Refusal{405, ErrorKind::Usage, fmt::format("the method {} is not known", shortened(head.method)),
                 "allowed are GET, HEAD, POST, PUT, PATCH and DELETE"};
}

MaybeRefusal refuse_host(const RequestHead& head, const Site& site) {
  const std::string host = header(head, "host");
  if (head.several_hosts || (host.empty() && !head.is_http_1_0))
    return Refusal{400, ErrorKind::Invalid, "a request names exactly one Host", ""};
  for (const std::string& name : {host, forwarded_host(head, site)}) {
    if (name.empty() || is_known_host(name, site)) continue;
    return Refusal{421, ErrorKind::Refused, fmt::format("this server is not '{}'", shortened(name)),
                   "allow the name on the server's machine: git config --add changeling.serveHost NAME"};
  }
  return std::nullopt;
}

MaybeRefusal refuse_origin(const RequestHead& head, const Site& site) {
  const auto sent = head.headers.find("origin");
  if (sent == head.headers.end() || sent->second == origin_of(head, site).text()) return std::nullopt;
  return Refusal{403, ErrorKind::Refused,
                 fmt::format("a page of '{}' may not ask this server", shortened(sent->second)),
                 "open the server's own pages"};
}

Refusal no_login() {
  return {401, ErrorKind::Refused, "this needs a login",
          "a new link on the server's machine: git changeling serve login"};
}

std::optional<Caller> caller_of(const RequestHead& head, const Site& site, const Logins& logins) {
  constexpr std::string_view scheme = "Bearer ";
  if (const std::string given = header(head, "authorization"); !given.empty()) {
    if (!given.starts_with(scheme)) return std::nullopt;
    return logins.by_bearer(given.substr(scheme.size()));
  }
  // Whoever has another port of this host can put a cookie of the same name beside ours.
  for (const std::string& word : cookie_values(header(head, "cookie"), site.cookie)) {
    if (auto caller = logins.by_cookie(word)) return caller;
  }
  return std::nullopt;
}

/// Who has only the cookie may have got it at another port, to which browsers send it, too.
MaybeRefusal refuse_page(const RequestHead& head, const Caller& caller, const Logins& logins) {
  if (!header(head, "authorization").empty() || logins.is_own_page(caller, header(head, own_header)))
    return std::nullopt;
  return Refusal{403, ErrorKind::Refused, "it is not the page that has logged in which asks this",
                 "log in again: git changeling serve login"};
}

/// "application/json; charset=utf-8" is as good as without the charset.
bool is_json(const std::string& type) {
  return to_lower(trim(type.substr(0, type.find(';')))) == "application/json";
}

MaybeRefusal refuse_write(const RequestHead& head) {
  if (header(head, own_header).empty())
    return Refusal{403, ErrorKind::Refused, "a request that changes something needs the header X-Changeling",
                   "send: X-Changeling: 1"};
  if (!is_json(header(head, "content-type")))
    return Refusal{415, ErrorKind::Invalid, "a request that changes something is written in JSON",
                   "send: Content-Type: application/json"};
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> refuse_anybody(const RequestHead& head, const Site& site) {
  if (auto refusal = refuse_method(head)) return refusal;
  if (auto refusal = refuse_host(head, site)) return refusal;
  return refuse_origin(head, site);
}

bool is_write(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

Origin origin_of(const RequestHead& head, const Site& site) {
  const std::string forwarded = forwarded_host(head, site);
  const bool is_tls = comes_from_proxy(head, site) && to_lower(header(head, "x-forwarded-proto")) == "https";
  return {is_tls ? "https" : "http", to_lower(forwarded.empty() ? header(head, "host") : forwarded)};
}

std::string client_of(const RequestHead& head, const Site& site) {
  if (!comes_from_proxy(head, site)) return head.peer;
  // The last one is what the proxy itself has seen; those before are what its client says.
  const std::vector<std::string> named = split(header(head, "x-forwarded-for"), ',');
  const std::string last = named.empty() ? "" : std::string(trim(named.back()));
  return last.empty() ? head.peer : last;
}

std::variant<Caller, Refusal> judge(const RequestHead& head, const Site& site, bool is_public,
                                    const Logins& logins) {
  if (auto refusal = refuse_anybody(head, site)) return *refusal;
  Caller caller;
  if (!is_public) {
    const auto known = caller_of(head, site, logins);
    if (!known) return no_login();
    caller = *known;
  }
  if (!is_write(head.method)) return caller;
  if (!is_public && !caller.may_write)
    return Refusal{403, ErrorKind::Refused, "this session may only read",
                   "ask the owner for a login of theirs"};
  if (auto refusal = refuse_write(head)) return *refusal;
  if (auto refusal = is_public ? std::nullopt : refuse_page(head, caller, logins)) return *refusal;
  return caller;
}

}  // namespace changeling::server::access
