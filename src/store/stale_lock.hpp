#pragma once

#include <filesystem>

namespace changeling::store {

/// A process that is killed while it writes a reference leaves git's lock file `REFERENCE.lock` behind, and
/// every later writer is refused for good. Waits until the file is gone or replaced; when it has stayed the
/// same for three seconds, a thousand times longer than writing takes, it is removed. Only to be called by
/// the one process that holds the store's own lock, so that no two of them remove each other's.
void wait_out_reference_lock(const std::filesystem::path& lock_file);

}  // namespace changeling::store
