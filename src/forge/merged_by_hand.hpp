#pragma once

#include <optional>
#include <string>
#include <vector>

#include "forge/forge.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"
#include "store/store.hpp"

namespace changeling::forge {

// People merge a proposed branch without telling anybody: with `git merge`, squashed into one commit, rebased
// or cherry-picked. That is recognised from the commits alone; nothing here asks a network.

/// The commit by which `head` has come into `base`, or nothing when something of it is still missing there:
/// the merge, or the newest commit that holds the same change (git's patch id) as the whole of it, or as each
/// of its commits. Where the change is there in some other shape, `base` itself. Looks at the newest 2,000
/// commits of `base`.
std::optional<git::ObjectId> where_merged(const git::Repository& repository, const git::GitProgram& git,
                                          const git::ObjectId& head, const git::ObjectId& base);

/// The same for an open pull request, in the local branch of its base and in those of all remotes as they
/// were fetched last.
std::optional<git::ObjectId> where_merged(const git::Repository& repository, const git::GitProgram& git,
                                          const PullRequest& pull);

/// Notes on those of the open pull requests of a forge that people have merged that they are merged; returns
/// them as they are now. Where nothing can be written (read-only media), they are returned all the same.
std::vector<PullRequest> notice_merges(const git::Repository& repository, const git::GitProgram& git,
                                       Forge& forge, std::vector<PullRequest> open);

}  // namespace changeling::forge
