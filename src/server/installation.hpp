#pragma once

#include <string>
#include <vector>

#include "server/serve.hpp"
#include "support/environment.hpp"
#include "support/json.hpp"

namespace changeling::server {

/// What came of `serve install`, `uninstall` or `status`.
struct InstallationAnswer {
  Json json;         ///< {"installed", "current", "active", "unit", "problem"}
  std::string text;  ///< For people.
};

/// Writes the units of the user's systemd that start the service with these options, and starts it. Where
/// that systemd does not answer, the units are written all the same, and the answer says what to type. Throws
/// Error(Refused) for a place that other machines reach, unless that is allowed.
InstallationAnswer install_service(const ServeOptions& options, const Environment& environment);
/// Stops the service and removes its units; nothing to do is fine.
InstallationAnswer uninstall_service(const Environment& environment);
/// `options` are those that install would be called with now.
InstallationAnswer service_status(const ServeOptions& options, const Environment& environment);

/// The options as words, which read_serve_options reads back.
std::vector<std::string> words_of(const ServeOptions& options);

}  // namespace changeling::server
