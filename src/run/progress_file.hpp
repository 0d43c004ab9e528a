#pragma once

#include <optional>
#include <string>

#include "project/places.hpp"
#include "run/launcher.hpp"

namespace changeling::run {

/// What `status` and `logs` show of a run that is under way; on disk only, never in git.
struct LiveProgress {
  std::string step;  ///< "launch", "verify", …
  Progress progress;
};

/// A failure to write it is nobody's concern.
void write_progress(const project::RunFiles& files, const LiveProgress& live);
/// Nothing when there is none or it cannot be understood.
std::optional<LiveProgress> read_progress(const project::RunFiles& files);

}  // namespace changeling::run
