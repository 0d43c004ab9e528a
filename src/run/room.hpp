#pragma once

#include <filesystem>
#include <string>

#include "project/services.hpp"

namespace changeling::run {

/// What a room is made of.
struct RoomPlan {
  std::filesystem::path folder;  ///< Where the files and the repository of whoever works there will lie.
  std::filesystem::path leader;  ///< Of the git directory that only we use, below the user's repository.
  std::string branch;            ///< To be on, without "refs/heads/".
  git::ObjectId start;           ///< Where that branch is at first.
  std::string base;              ///< Name of the branch that the work is for; may be empty.
  git::ObjectId base_commit;
};

/// Makes a repository of its own, with no history of the user's movable from there: objects are borrowed from
/// the user's through alternates, HEAD is on the branch, and the base is known as "origin/BASE" and "BASE"
/// besides the user's tags. Of the configuration it has what makes files look right (line endings, encodings,
/// filters), the address of origin without a password, and no credentials. Fills the folder with the files of
/// `start`, all of them whatever is sparse in the user's own.
///
/// Beside it `leader` becomes the git directory for our own look at those files: with the same branch,
/// configuration as the user's is now, an index that nobody else writes, no hooks. Throws Error(External)
/// with git's words when the folder cannot be filled.
void make_room(const project::Services& services, const RoomPlan& plan);

/// Makes such a git directory for our own look alone.
void make_leader(const project::Services& services, const std::filesystem::path& leader,
                 const std::string& branch, const git::ObjectId& start);

/// Gives the leader's git directory its configuration and attributes again: without a sandbox an agent could
/// have written others.
void renew_leader(const project::Services& services, const std::filesystem::path& leader);

}  // namespace changeling::run
