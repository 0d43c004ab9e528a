#pragma once

#include <optional>
#include <string>

#include "project/project.hpp"
#include "server/message.hpp"
#include "server/request_head.hpp"

namespace changeling::server {

/// "triage" of "/hooks/triage"; nothing for other paths. The path is without what names the repository.
std::optional<std::string> webhook_in(const std::string& path);
/// Whether it brings a delivery of a webhook: without a login, and with a larger body.
bool is_delivery(const RequestHead& head);

/// What a worker does with a delivery. Whether there is work then is told by the status 202.
Response answer_delivery(const Request& request, project::Project& project);

/// What the server itself says of an unknown repository: the same as of an unknown webhook.
Response no_such_webhook();

}  // namespace changeling::server
