#pragma once

#include "changeling/branch_prefix.hpp"
#include "git/repository.hpp"

namespace changeling::project {

/// What branches of runs begin with (`changeling.branchPrefix`). Throws Error(Invalid) for what no branch can
/// begin with.
BranchPrefix branch_prefix(const git::Repository& repository);

}  // namespace changeling::project
