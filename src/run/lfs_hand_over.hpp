#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "git/repository.hpp"
#include "project/services.hpp"

namespace changeling::run {

// New objects of git-lfs in a run that is handed over (hand_over.hpp): where the agent works nothing can be
// uploaded, so they lie in the file, in the tree of the record's commit, as lfs/SHA256.

/// The files of the objects that commits of `head` name which neither `base` nor the remote has, as far as
/// they are in this repository's store: by their SHA-256.
std::map<std::string, std::filesystem::path> new_lfs_objects(const project::Services& services,
                                                             const git::ObjectId& base,
                                                             const git::ObjectId& head);

/// Why the work cannot be handed over: its objects are more than the file may hold. Nothing when it can.
std::optional<std::string> lfs_objects_too_large(const project::Services& services, const git::ObjectId& base,
                                                 const git::ObjectId& head);

/// Those objects, by their path in the tree.
std::map<std::string, git::FileEdit> lfs_objects_for_hand_over(const project::Services& services,
                                                               const git::ObjectId& base,
                                                               const git::ObjectId& head);

/// Puts the objects of the tree, which somebody may have made, into this repository's store. Throws
/// Error(Invalid) for one that is not what its name says, or that the work does not name; then none is kept.
void take_lfs_objects(const project::Services& services, const git::Repository& contents,
                      const git::ObjectId& tree, const git::ObjectId& base, const git::ObjectId& head);

}  // namespace changeling::run
