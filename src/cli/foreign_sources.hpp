#pragma once

#include <memory>

#include "cli/context.hpp"
#include "work/queue_source.hpp"

namespace changeling::cli {

// Sources of tasks outside the own queue, as the configuration wants them: changeling.roleLabel,
// changeling.lease, changeling.maxAttempts; the terms of the own queue mean nothing here. Each throws
// Error(Invalid) for a value that cannot be used.

/// Issues in the beads database of the work tree.
std::unique_ptr<work::TaskSource> make_beads_source(Context& context, const work::QueueTerms&);
/// Issues of the remote's repository on GitHub, also where pull requests are kept locally. Throws
/// Error(Refused) without such a remote or a token.
std::unique_ptr<work::TaskSource> make_github_source(Context& context, const work::QueueTerms&);

}  // namespace changeling::cli
