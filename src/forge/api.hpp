#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "forge/refusal.hpp"
#include "forge/select.hpp"
#include "http/client.hpp"
#include "http/retry.hpp"
#include "secrets/redact.hpp"

namespace changeling::forge {

/// Requests to GitHub's REST API for one repository: headers, pages, retries and explained failures.
/// Errors never contain the token, not even when the server repeats it.
class GitHubApi {
 public:
  /// What the user sees of a request when it fails.
  struct Purpose {
    std::string action;      ///< "open a pull request"
    std::string permission;  ///< "Pull requests: write"
    std::string branch = {};
    std::string base = {};
  };
  /// The JSON of what an earlier attempt made, or nothing.
  using Look = std::function<std::optional<nlohmann::json>()>;

  GitHubApi(http::HttpClient& client, const Clock& clock, http::RetryPolicy policy, ForgeChoice choice);

  /// "/repos/OWNER/NAME" with `path` behind it, as for all functions here.
  nlohmann::json get(const std::string& path, const Purpose& purpose) const;
  /// Nothing for 404.
  std::optional<nlohmann::json> get_if_exists(const std::string& path, const Purpose& purpose) const;
  /// The entries of all pages, each given to `take`, until it returns false. `query` without '?'.
  void each(const std::string& path, const std::string& query, const Purpose& purpose,
            const std::function<bool(const nlohmann::json&)>& take) const;
  /// One answer without retries, whatever its status; 304 when nothing has changed since the answer with this
  /// entity tag (empty: there was none).
  http::HttpResponse news(const std::string& path, const std::string& etag) const;
  /// One page without retries, for looking whether an earlier request took effect.
  std::vector<nlohmann::json> look(const std::string& path, const std::string& query,
                                   const Purpose& purpose) const;

  /// For bodies that may be sent twice without harm (PATCH, adding labels).
  nlohmann::json send(const std::string& method, const std::string& path, const nlohmann::json& body,
                      const Purpose& purpose) const;
  /// As send, but nothing for 404: what was to be changed is gone.
  std::optional<nlohmann::json> send_if_exists(const std::string& method, const std::string& path,
                                               const nlohmann::json& body, const Purpose& purpose) const;
  /// DELETE, with `body` unless it is null. What is not there (any more) counts as removed.
  void remove(const std::string& path, const nlohmann::json& body, const Purpose& purpose) const;
  /// For POST that makes something: repeated after an ambiguous failure only when `find_made` finds nothing.
  nlohmann::json create(const std::string& path, const nlohmann::json& body, const Purpose& purpose,
                        const Look& find_made) const;
  /// As create, but returns a 422 as it is instead of throwing.
  http::HttpResponse try_create(const std::string& path, const nlohmann::json& body, const Purpose& purpose,
                                const Look& find_made) const;
  /// The error for an answer that is not a success.
  Error explain(const http::HttpResponse& response, const Purpose& purpose) const;
  nlohmann::json parse(const http::HttpResponse& response) const;

  const RemoteRepository& repository() const { return choice_.repository; }
  std::string full_name() const;

 private:
  http::HttpRequest request(const std::string& method, const std::string& url, const std::string& body) const;
  std::string address(const std::string& path) const;
  http::HttpResponse checked(http::HttpResponse response, const Purpose& purpose) const;
  std::optional<std::string> next_page(const http::HttpResponse& response) const;

  http::HttpClient& client_;
  const Clock& clock_;
  http::RetryingSender sender_;
  ForgeChoice choice_;
  ServerAddress server_;
  Redactor redact_;
};

/// The target of rel="next" in a Link header (RFC 8288); nothing on the last page.
std::optional<std::string> next_link(std::string_view link_header);

/// A value inside a query, percent-encoded as RFC 3986 wants.
std::string encoded(std::string_view text);

}  // namespace changeling::forge
