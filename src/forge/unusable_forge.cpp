#include "forge/unusable_forge.hpp"

namespace changeling::forge {

void UnusableForge::require_usable() const {
  throw Error(reason_);
}

void UnusableForge::cannot_be_asked() const {
  throw Error(ErrorKind::Unavailable, reason_.what(), reason_.hint());
}

std::vector<PullRequest> UnusableForge::open_pull_requests() {
  cannot_be_asked();
}

std::optional<PullRequest> UnusableForge::find(std::int64_t /*number*/) {
  cannot_be_asked();
}

std::vector<PullRequest> UnusableForge::list(std::size_t /*limit*/) {
  cannot_be_asked();
}

PullRequest UnusableForge::open(const Proposal& /*proposal*/, std::vector<std::string>& /*warnings*/) {
  cannot_be_asked();
}

PullRequest UnusableForge::update(std::int64_t /*number*/, const Proposal& /*proposal*/,
                                  std::vector<std::string>& /*warnings*/) {
  cannot_be_asked();
}

void UnusableForge::close(std::int64_t /*number*/, const std::string& /*reason*/) {
  cannot_be_asked();
}

std::vector<std::string> UnusableForge::rejected_patch_ids(const std::string& /*changeling*/) {
  cannot_be_asked();
}

std::string UnusableForge::open_issue(const std::string& /*title*/, const std::string& /*body*/,
                                      const std::vector<std::string>& /*labels*/) {
  cannot_be_asked();
}

}  // namespace changeling::forge
