#pragma once

#include <memory>

#include "project/project.hpp"
#include "work/queue_source.hpp"
#include "work/task_source.hpp"

namespace changeling::work {

// Sources of tasks outside the own queue, as the configuration wants them: changeling.roleLabel,
// changeling.lease, changeling.maxAttempts; the terms of the own queue mean nothing here. Each throws
// Error(Invalid) for a value that cannot be used.

/// Issues in the beads database of the work tree.
std::unique_ptr<work::TaskSource> make_beads_source(project::Project& project, const QueueTerms&);
/// Issues of the remote's repository on GitHub, also where pull requests are kept locally. Throws
/// Error(Refused) without such a remote or a token.
std::unique_ptr<work::TaskSource> make_github_source(project::Project& project, const QueueTerms&);

}  // namespace changeling::work
