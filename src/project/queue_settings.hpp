#pragma once

#include <cstdint>
#include <string>

#include "project/project.hpp"

namespace changeling::project {

/// What applies to claims unless the command says otherwise.
struct QueueSettings {
  std::string worker;              ///< $CHANGELING_WORKER, otherwise "user@host".
  Duration lease{};                ///< changeling.lease, otherwise 30 minutes.
  std::int64_t most_attempts = 3;  ///< changeling.maxAttempts; 0 is no limit.
};

/// Throws Error(Invalid) naming the configuration key that cannot be used.
QueueSettings queue_settings(Project& project);

/// The value of --lease. Throws Error(Usage).
Duration parse_lease(const std::string& text);

}  // namespace changeling::project
