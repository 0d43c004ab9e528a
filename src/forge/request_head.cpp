#include "forge/request_head.hpp"

namespace changeling::forge {

RequestHead request_head(const git::Repository& repository, const store::PullRequestRecord& pull) {
  using Kind = RequestHead::Kind;
  const auto proposed = pull.head.empty() ? std::nullopt : repository.resolve_revision(pull.head);
  if (!proposed) return {Kind::Missing, std::nullopt};
  const auto tip = repository.resolve("refs/heads/" + pull.branch);
  if (!tip || repository.is_ancestor(*tip, *proposed)) return {Kind::Proposed, proposed};
  if (repository.is_ancestor(*proposed, *tip)) return {Kind::WithCommits, tip};
  return {Kind::Rewritten, proposed};
}

}  // namespace changeling::forge
