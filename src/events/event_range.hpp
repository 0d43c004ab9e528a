#pragma once

#include <cstdint>
#include <filesystem>

namespace changeling::events {

/// What an event log holds, as far as its ends tell.
struct EventRange {
  std::int64_t first = 0;         ///< Number of its first event; 0 without any.
  std::int64_t last = 0;          ///< Number of its last one.
  std::uint64_t bytes_after = 0;  ///< How much comes after the number that was asked about.
};

/// Looks at a log without reading it: what that costs does not grow with the log. Throws Error(Io).
EventRange event_range(const std::filesystem::path& file, std::int64_t after);

}  // namespace changeling::events
