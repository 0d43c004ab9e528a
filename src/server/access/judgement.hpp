#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/message.hpp"
#include "server/request_head.hpp"
#include "support/error.hpp"

namespace changeling::server::access {

/// By which names the server is reached, and through whom.
struct Site {
  std::vector<std::string> hosts = {};            ///< Of changeling.serveHost: names without a port.
  std::vector<std::string> trusted_proxies = {};  ///< Of changeling.serveTrustedProxy: addresses, or "unix".
  std::string cookie = "changeling";              ///< Name of the cookie; see cookie_name.
};

/// What tells who somebody is. Both answer nothing for a word that is not known.
struct Logins {
  std::function<std::optional<Caller>(const std::string& word)> by_cookie;
  std::function<std::optional<Caller>(const std::string& word)> by_bearer;
  /// Whether the page of the caller's session has this word (Sessions::is_own_page). Asked only of callers
  /// with a cookie.
  std::function<bool(const Caller& caller, const std::string& page_word)> is_own_page;
};

/// Why a request is refused; status and error as server::problem() takes them.
struct Refusal {
  int status = 0;
  ErrorKind kind = ErrorKind::Refused;
  std::string message;
  std::string hint;
};

/// How the client sees this server: what its browser calls the origin.
struct Origin {
  std::string scheme;  ///< "http" or "https".
  std::string host;    ///< With its port, in lower case.
  std::string text() const { return scheme + "://" + host; }
};

/// Header that every write has to carry, with the page's word where a cookie is the login. A page of another
/// origin cannot send it without asking first, and is never allowed to.
inline constexpr std::string_view own_header = "x-changeling";

/// Of headers that a proxy adds only those count that come from one of Site::trusted_proxies.
Origin origin_of(const RequestHead& head, const Site& site);
/// The address that asks, or that a trusted proxy names.
std::string client_of(const RequestHead& head, const Site& site);

/// Whether GET, HEAD or OPTIONS asks, which change nothing.
bool is_write(std::string_view method);

/// The part of the judgement that holds for everybody: method, host and origin. Nothing when they are right.
std::optional<Refusal> refuse_anybody(const RequestHead& head, const Site& site);

/// The whole judgement, in this order: the method (405), the host (400, 421), the origin (403), the login
/// (401), and for writes the right to (403), our header (403), the type of the body (415) and the page (403).
/// `is_public` is for the few routes that need no login. Pure; `logins` are asked only where a login is
/// needed, or given.
std::variant<Caller, Refusal> judge(const RequestHead& head, const Site& site, bool is_public,
                                    const Logins& logins);

}  // namespace changeling::server::access
