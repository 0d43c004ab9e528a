#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/frame.hpp"
#include "support/environment.hpp"
#include "support/json.hpp"

namespace changeling::server {

/// A repository that is served.
struct Served {
  std::string name;    ///< As people call it; each once.
  std::string folder;  ///< Its git folder.
};

/// What the server knows of the machine's settings and repositories; a worker reads it, for the server's own
/// thread opens none.
struct Surroundings {
  std::vector<Served> repositories;
  std::vector<std::string> hosts;            ///< changeling.serveHost, in lower case.
  std::vector<std::string> trusted_proxies;  ///< changeling.serveTrustedProxy.
};
Json to_json(const Surroundings& surroundings);
Surroundings surroundings_from(const Json& json);

/// Which repositories are meant.
struct Scope {
  std::vector<std::string> directories;  ///< -C, one after the other.
  bool all = false;                      ///< The registered ones, too.
};
Json to_json(const Scope& scope);
Scope scope_from(const Json& json);

using Log = std::function<void(std::string_view)>;

/// The questions that a worker understands: {"ask": "surroundings", "scope": …} and {"ask": "request",
/// "repository": FOLDER, "request": …} with the body. A third is in event_hub.hpp.
Frame surroundings_question(const Scope& scope);
Frame request_question(const std::string& folder, Request request);

/// What `__worker` does: answers questions from the socket until the other side is gone, or TERM came. A
/// repository that is only read stays open for a moment (kept_projects.hpp); a write opens it anew.
void be_worker(int socket, const Environment& environment, const Log& log);

}  // namespace changeling::server
