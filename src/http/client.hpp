#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "support/interruption.hpp"

namespace changeling::http {

struct HttpRequest {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// For the whole exchange. Connecting may take fifteen seconds of it, and twenty without a byte end it.
  std::chrono::milliseconds time_limit{30'000};
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< Names in lower case; the last of equal names.
  std::string body;
};

/// One HTTP exchange. A connection that cannot be made or breaks throws Error(Unavailable); every status
/// that arrives is returned.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpResponse send(const HttpRequest& request) = 0;
};

/// Through libcurl, which is opened with dlopen at the first request: linked, it would cost every start of
/// the program about 3 ms for thirty libraries. Redirects are not followed (a token must not travel);
/// TLS is verified; http_proxy and friends are obeyed.
class CurlHttpClient : public HttpClient {
 public:
  CurlHttpClient() = default;
  /// `interruption` must outlive it; an exchange that it ends throws Error(Interrupted) within a second.
  explicit CurlHttpClient(const Interruption& interruption) : interruption_(&interruption) {}

  HttpResponse send(const HttpRequest& request) override;

 private:
  const Interruption* interruption_ = nullptr;
};

}  // namespace changeling::http
