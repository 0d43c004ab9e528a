#pragma once

#include "git/ask_git.hpp"
#include "git/handles.hpp"

namespace changeling::git {

/// Lets `database` read what a partial clone has left on the remote: an object that is nowhere here is read
/// through the git program, which fetches it. libgit2 knows no promised objects. Takes a round trip each, so
/// what is known to be needed should be fetched together. `ask` must outlive the database.
void read_promised_objects(git_odb* database, const AskGit& ask);

}  // namespace changeling::git
