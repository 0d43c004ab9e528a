#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "forge/accept.hpp"
#include "forge/forge.hpp"
#include "forge/request_head.hpp"
#include "project/project.hpp"

// What people do with proposed work, for the command line and whoever else shows it.
namespace changeling::project {

/// People merge by hand without telling anybody. Forges elsewhere find out by themselves.
void notice_merges(Project& project, const std::vector<forge::PullRequest>& pulls);

/// The open ones, or the newest `most_closed` of the others as well.
std::vector<forge::PullRequest> list_requests(Project& project, std::optional<std::size_t> most_closed);

/// Throws Error(NotFound).
forge::PullRequest find_request(Project& project, std::int64_t number);
/// The same, after looking whether people have merged it.
forge::PullRequest current_request(Project& project, std::int64_t number);

/// What accepting a request would bring.
struct RequestChanges {
  forge::RequestHead head;
  /// Where the branch left the base, and its head; nothing when they are not all in this repository.
  std::optional<std::pair<git::ObjectId, git::ObjectId>> commits;
};
RequestChanges changes_of(Project& project, const forge::PullRequest& pull);

/// Where requests of the local forge are accepted; `head` as in forge::AcceptPlace, "" for none. Throws
/// Error(Refused) for a request of another forge.
forge::AcceptPlace accept_place(Project& project, const forge::PullRequest& pull, const std::string& head);

/// Throws Error(Refused) for a request that is merged, and while the half-written files of a killed
/// acceptance lie here: they would stay, and look like somebody's work.
void require_rejectable(Project& project, const forge::PullRequest& pull);

}  // namespace changeling::project
