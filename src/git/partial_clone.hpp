#pragma once

#include "git/object_id.hpp"
#include "git/program.hpp"
#include "git/repository.hpp"

namespace changeling::git {

/// Whether objects may be missing here that git fetches when it needs them (partial-clone documentation of
/// git).
bool is_partial_clone(const Repository& repository);

/// In a partial clone, lets git fetch the files that differ between two commits, because libgit2 only reads
/// what is there. What cannot be fetched now stays missing.
void fetch_differing_files(const Repository& repository, const GitProgram& git, const ObjectId& from,
                           const ObjectId& to);

}  // namespace changeling::git
