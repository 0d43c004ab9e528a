#pragma once

#include <cstddef>
#include <map>
#include <optional>

#include "store/epoch.hpp"
#include "store/record_kinds.hpp"
#include "store/store.hpp"

namespace changeling::store {

struct CompactionOptions {
  /// Done tasks that nobody has touched since go to the archive, unless another task still waits for them.
  std::optional<Timestamp> archive_before;
  /// Runs that ended before this time, and that nothing looks at any more, go to the archive of runs.
  std::optional<Timestamp> archive_runs_before;
  Timestamp now{};
  bool keep_history = false;  ///< The history so far stays reachable on a reference of its own.
};

struct Compaction {
  Epoch epoch;
  std::size_t operations = 0;                         ///< Commits that the new history does without.
  std::map<const RecordKind*, std::size_t> archived;  ///< Of each kind that has an archive.
};

/// How many of the kind have gone into the archive.
std::size_t archived(const Compaction& compaction, const RecordKind& kind);

/// What compact() would do now, and nothing else.
Compaction plan_compaction(const git::Repository& repository, const Store& store,
                           const CompactionOptions& options);

/// Begins a new epoch: the same records as one commit without a past. The history before is given up (git's
/// next garbage collection frees its disk) or kept on refs/changelings/archive/N. With a publisher the
/// remote's state is replaced too, only if it is exactly what is here; clones that meet the new epoch carry
/// their unpublished operations over (Store::integrate). Throws Error(Unavailable) when that cannot be
/// published; nothing has changed then.
Compaction compact(git::Repository& repository, Store& store, const CompactionOptions& options,
                   Publisher* publisher);

}  // namespace changeling::store
