#include "forge/forge.hpp"

#include <algorithm>

#include "support/error.hpp"

namespace changeling::forge {

std::vector<PullRequest> Forge::find_open(const store::OpenRequestQuery& query) {
  const auto& branches = query.branches;
  auto found = open_pull_requests();
  std::erase_if(found, [&](const PullRequest& pull) {
    if (!query.changeling.empty() && pull.changeling != query.changeling) return true;
    if (!query.head.empty() && pull.head != query.head) return true;
    return !branches.empty() && std::find(branches.begin(), branches.end(), pull.branch) == branches.end();
  });
  return found;
}

CheckState Forge::check(const std::string& /*name*/, const std::string& /*revision*/) {
  throw Error(ErrorKind::Refused, "this forge has no checks of continuous integration",
              "take such a gate away: git changeling task edit ID --gate ''");
}

}  // namespace changeling::forge
