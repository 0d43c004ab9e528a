#pragma once

#include <map>
#include <string>

namespace changeling::server {

/// Names in lower case; a header that came several times has its values joined by ", ".
using Headers = std::map<std::string, std::string>;

/// Who asks, as the login says.
struct Caller {
  std::string session;     ///< Public id of the session; "token" for the bearer token, empty without a login.
  std::string user;        ///< "owner" or "viewer".
  bool may_write = false;  ///< Viewers only read.
};

/// What a client asks. Whether it may is decided before; see access/judgement.hpp.
struct Request {
  std::string method;                        ///< "GET", in capitals; a HEAD comes as GET.
  std::string path;                          ///< "/api/v1/tasks", decoded, without base path and query.
  std::map<std::string, std::string> query;  ///< Decoded; of a name that came twice the last value.
  Headers headers;
  std::string body;
  Caller caller;
};

/// What the client gets. The headers that every answer has (answer_headers.hpp) are added where it leaves.
struct Response {
  int status = 200;
  std::string content_type = "application/json";
  Headers headers;
  std::string body;
};

}  // namespace changeling::server
