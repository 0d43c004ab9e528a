#pragma once

namespace changeling::git {

/// Initialises libgit2 once in the process, allows the repository extensions it can read, and keeps it until
/// the end. Costs about 6 ms, so only what opens a repository calls it.
void ensure_library();

}  // namespace changeling::git
