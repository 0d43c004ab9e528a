#include "forge/merged_by_hand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "forge/local.hpp"
#include "forge/unmerged_pairs.hpp"
#include "git/merge.hpp"
#include "store/records.hpp"
#include "support/error.hpp"

namespace changeling::forge {
namespace {

constexpr std::size_t history_searched = 2'000;

using Paths = std::set<std::string>;

/// The commit that has `head` as a further parent, or `head` itself where the branch was moved forward.
git::ObjectId merge_of(const std::vector<git::CommitInfo>& history, const git::ObjectId& head) {
  for (const git::CommitInfo& commit : history) {
    const auto& parents = commit.parents;
    if (parents.size() > 1 && std::find(parents.begin() + 1, parents.end(), head) != parents.end())
      return commit.id;
  }
  return head;
}

/// Commits by what they change, so that patch ids, which cost a comparison of contents, are only made of
/// those that change the very files in question.
class Patches {
 public:
  Patches(const git::Repository& repository, const std::vector<git::CommitInfo>& commits)
      : repository_(repository) {
    for (const git::CommitInfo& commit : commits) {
      if (commit.parents.size() != 1) continue;
      by_paths_[paths(commit.parents.front(), commit.id)].push_back(&commit);
    }
  }

  /// The newest commit that makes the same change as the step between the two; null when there is none. Of
  /// two, the one that comes earlier in the list is the newer one.
  const git::CommitInfo* find(const git::ObjectId& from, const git::ObjectId& to) const {
    const auto candidates = by_paths_.find(paths(from, to));
    if (candidates == by_paths_.end()) return nullptr;
    const auto wanted = repository_.patch_id(from, to);
    for (const git::CommitInfo* commit : candidates->second) {
      if (wanted && repository_.patch_id(commit->parents.front(), commit->id) == wanted) return commit;
    }
    return nullptr;
  }

 private:
  Paths paths(const git::ObjectId& from, const git::ObjectId& to) const {
    Paths paths;
    repository_.compare_trees(repository_.commit(from).tree, repository_.commit(to).tree, "",
                              [&](const git::BlobChange& change) { paths.insert(change.path); });
    return paths;
  }

  const git::Repository& repository_;
  std::map<Paths, std::vector<const git::CommitInfo*>> by_paths_;
};

/// Newest first, up to the commit `end`, which is not among them.
std::vector<git::CommitInfo> commits_since(const git::Repository& repository, const git::ObjectId& tip,
                                           const git::ObjectId& end) {
  auto commits = repository.history(tip, history_searched);
  const auto found = std::find_if(commits.begin(), commits.end(),
                                  [&](const git::CommitInfo& commit) { return commit.id == end; });
  commits.erase(found, commits.end());
  return commits;
}

/// Where each of the commits between the two lies as a copy; nothing when one has none.
std::optional<git::ObjectId> where_rebased(const git::Repository& repository, const Patches& patches,
                                           const git::ObjectId& fork, const git::ObjectId& head) {
  const git::CommitInfo* newest = nullptr;
  for (const git::CommitInfo& commit : commits_since(repository, head, fork)) {
    if (commit.parents.size() != 1) return std::nullopt;
    const git::CommitInfo* copy = patches.find(commit.parents.front(), commit.id);
    if (copy == nullptr) return std::nullopt;
    if (newest == nullptr || copy < newest) newest = copy;
  }
  return newest == nullptr ? std::nullopt : std::optional(newest->id);
}

/// Nothing where the merge cannot be tried.
std::optional<bool> nothing_is_left(const git::Repository& repository, const git::GitProgram& git,
                                    const git::ObjectId& head, const git::ObjectId& base) {
  try {
    const git::MergeResult left = git::merge(git, repository.common_directory(), base, head);
    return left.kind == git::MergeResult::Kind::Merged && left.tree == repository.commit(base).tree;
  } catch (const Error&) {
    // Trying a merge writes objects, which read-only media refuse.
    return std::nullopt;
  }
}

/// As where_merged(). Another look may find what this one has not, unless `is_certain`.
std::optional<git::ObjectId> find_merge(const git::Repository& repository, const git::GitProgram& git,
                                        const git::ObjectId& head, const git::ObjectId& base,
                                        bool& is_certain) {
  is_certain = true;
  if (repository.is_ancestor(head, base)) return merge_of(repository.history(base, history_searched), head);
  const auto fork = repository.merge_base(head, base);
  if (!fork || *fork == base) return std::nullopt;
  const auto commits = commits_since(repository, base, *fork);
  const Patches patches(repository, commits);
  if (const git::CommitInfo* squashed = patches.find(*fork, head)) return squashed->id;
  if (const auto rebased = where_rebased(repository, patches, *fork, head)) return rebased;
  const auto nothing = nothing_is_left(repository, git, head, base);
  is_certain = nothing.has_value();
  return nothing.value_or(false) ? std::optional(base) : std::nullopt;
}

/// Remembers what was looked for in vain.
std::optional<git::ObjectId> find_merge(const git::Repository& repository, const git::GitProgram& git,
                                        const git::ObjectId& head, const git::ObjectId& base,
                                        UnmergedPairs& unmerged) {
  if (unmerged.contain(head, base)) return std::nullopt;
  bool is_certain = false;
  auto commit = find_merge(repository, git, head, base, is_certain);
  if (!commit && is_certain) unmerged.add(head, base);
  return commit;
}

std::optional<git::ObjectId> find_merge(const git::Repository& repository, const git::GitProgram& git,
                                        const PullRequest& pull, UnmergedPairs& unmerged) {
  const auto head = pull.head.empty() ? std::nullopt : repository.resolve_revision(pull.head);
  if (!head) return std::nullopt;
  std::vector<std::string> places{"refs/heads/" + pull.base};
  for (const std::string& remote : repository.remotes())
    places.push_back(fmt::format("refs/remotes/{}/{}", remote, pull.base));
  for (const std::string& place : places) {
    const auto tip = repository.resolve(place);
    if (!tip) continue;
    if (const auto commit = find_merge(repository, git, *head, *tip, unmerged)) return commit;
  }
  return std::nullopt;
}

}  // namespace

std::optional<git::ObjectId> where_merged(const git::Repository& repository, const git::GitProgram& git,
                                          const git::ObjectId& head, const git::ObjectId& base) {
  bool is_certain = false;
  return find_merge(repository, git, head, base, is_certain);
}

std::optional<git::ObjectId> where_merged(const git::Repository& repository, const git::GitProgram& git,
                                          const PullRequest& pull) {
  UnmergedPairs unmerged(repository.common_directory());
  return find_merge(repository, git, pull, unmerged);
}

std::vector<PullRequest> notice_merges(const git::Repository& repository, const git::GitProgram& git,
                                       Forge& forge, std::vector<PullRequest> open) {
  std::vector<PullRequest> merged;
  UnmergedPairs unmerged(repository.common_directory());
  for (PullRequest& pull : open) {
    const auto commit = find_merge(repository, git, pull, unmerged);
    if (!commit) continue;
    try {
      forge.note_merged(pull.number, commit->hex());
    } catch (const Error&) {
      // It is merged whether that can be noted or not; the next command that may write does it.
    }
    pull.state = "merged";
    merged.push_back(std::move(pull));
  }
  return merged;
}

}  // namespace changeling::forge
