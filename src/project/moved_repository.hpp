#pragma once

#include <filesystem>
#include <optional>

#include "git/repository.hpp"
#include "project/places.hpp"

namespace changeling::project {

/// People rename the folder of a repository, or move it elsewhere. Where it was is noted among its local
/// files; when it is no longer there, the rooms of its runs are brought along and find what they borrow.
/// Returns the old place (the git common folder), once; nothing when the repository has not moved, or is a
/// copy of one that is still there. Worktrees wait while a run of this repository is alive. Where nothing can
/// be written, as on read-only media, nothing happens.
std::optional<std::filesystem::path> follow_move(const git::Repository& repository,
                                                 const project::Places& places);

}  // namespace changeling::project
