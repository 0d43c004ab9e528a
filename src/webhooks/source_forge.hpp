#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "http/client.hpp"
#include "project/project.hpp"
#include "webhooks/judgement.hpp"

namespace changeling::webhooks {

/// What the forge of a repository is asked about a delivery. Each throws Error(Unavailable) when it cannot be
/// reached now, and Error(Refused) or Error(External) when it does not tell.
struct SourceForge {
  std::string repository;  ///< "OWNER/NAME", which a delivery has to be about.
  /// Whether whoever has this id may write to the repository.
  std::function<bool(const Actor&)> may_write;
  /// The issue or pull request as it is now; nothing when it is gone.
  std::function<std::optional<nlohmann::json>(const Subject&)> current;
  /// Its newest events, or 304 when there are none since the answer with this entity tag.
  std::function<http::HttpResponse(const std::string& etag)> news = {};
};

/// The repository's own, through the API of GitHub; nothing where it has none.
std::optional<SourceForge> open_source_forge(project::Project& project);

/// What GitHub's `collaborators/LOGIN/permission` says of an actor. A login may have passed on to somebody
/// else since: the answer must be about the same id.
bool grants_writing(const nlohmann::json& permission, const Actor& actor);

}  // namespace changeling::webhooks
