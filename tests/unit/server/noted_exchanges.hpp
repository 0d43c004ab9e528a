#pragma once

#include <cstdlib>
#include <fstream>

#include "server/message.hpp"
#include "support/json.hpp"

namespace changeling::testing {

/// With CHANGELING_API_ANSWERS set, appends a request with its answer to that file, a line of JSON, for
/// tests/structure/test_openapi.py.
inline void note_exchange(const server::Request& request, const server::Response& response) {
  const char* file = std::getenv("CHANGELING_API_ANSWERS");
  if (file == nullptr) return;
  const bool compressed = response.headers.contains("content-encoding");
  std::ofstream(file, std::ios::app) << json_text(
                                            {{"method", request.method},
                                             {"path", request.path},
                                             {"query", request.query},
                                             {"body", request.body},
                                             {"status", response.status},
                                             {"content_type", response.content_type},
                                             {"headers", response.headers},
                                             {"answer", compressed ? Json(nullptr) : Json(response.body)}})
                                     << "\n";
}

}  // namespace changeling::testing
