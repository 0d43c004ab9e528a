#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "git/repository.hpp"

namespace changeling::store {

/// As Repository::compare_and_swap; what stays locked counts as moved, for those who go on with
/// wait_out_reference_lock.
git::SwapResult swap_unless_locked(git::Repository& repository, const std::string& reference,
                                   const std::optional<git::ObjectId>& expected, const git::ObjectId& desired,
                                   const std::string& log_message);

/// A process that is killed while it writes a reference leaves git's lock file `REFERENCE.lock` behind, and
/// every later writer is refused for good. Waits until the file is gone or replaced; when it has stayed the
/// same for three seconds, a thousand times longer than writing takes, it is removed. Only to be called by
/// the one process that holds the store's own lock, so that no two of them remove each other's.
void wait_out_reference_lock(const std::filesystem::path& lock_file);

}  // namespace changeling::store
