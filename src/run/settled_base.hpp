#pragma once

#include "git/remote_references.hpp"
#include "project/base_branch.hpp"
#include "project/services.hpp"
#include "run/observer.hpp"

namespace changeling::run {

/// The branch to work on after the remote has been asked: its default branch of today, unless one was chosen.
/// A default branch that is another than the one known here is said and remembered. Throws Error(NotFound)
/// when the branch is not on the remote any more, or nobody says which one is meant.
std::string settled_base(const project::Services& services, const Observer& observer,
                         const Definition& definition, const std::optional<project::KnownBase>& known,
                         const git::RemoteReferences& answer);

}  // namespace changeling::run
