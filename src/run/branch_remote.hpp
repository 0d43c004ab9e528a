#pragma once

#include "changeling/branch_prefix.hpp"
#include "run/services.hpp"

namespace changeling::run {

/// The remote that the branches of runs lie on: a fork, or the one that the base comes from. Empty without a
/// remote. Throws as git::choose_push_remote.
std::string branch_remote(const Services& services);

/// What branches of runs begin with (`changeling.branchPrefix`). Throws Error(Invalid) for what no branch can
/// begin with.
BranchPrefix branch_prefix(const git::Repository& repository);

}  // namespace changeling::run
