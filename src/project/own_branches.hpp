#pragma once

#include <string>

#include "git/repository.hpp"

namespace changeling::project {

/// Throws Error(Refused) unless runs of this repository may continue, push, move, force or delete the branch
/// (foreign_branch_problem), with its prefix. `base` may be empty.
void require_own_branch(const git::Repository& repository, const std::string& branch,
                        const std::string& base);

}  // namespace changeling::project
