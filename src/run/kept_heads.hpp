#pragma once

#include <string>

#include "project/services.hpp"

namespace changeling::run {

/// Where the head of a run's branch is kept that is only here.
std::string kept_head_reference(const std::string& run_id);

/// In a clone whose plain fetch removes the branches that the remote does not have, as in a mirror, the work
/// of a run is kept by a reference of ours until it is somewhere else. Elsewhere the branch is enough.
void keep_head(const project::Services& services, const std::string& run_id, const std::string& branch,
               const git::ObjectId& head);

/// The work is on the remote, or nobody wants it any more.
void drop_kept_head(const project::Services& services, const std::string& run_id);

/// Whether anything is kept.
bool keeps_heads(const git::Repository& repository);

/// Drops what is kept of runs whose pull request was rejected, or was merged and is on the remote.
void drop_needless_heads(const project::Services& services);

}  // namespace changeling::run
