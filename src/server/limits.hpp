#pragma once

#include <cstddef>
#include <cstdint>

#include "support/clock.hpp"

namespace changeling::server {

/// What one client may take of the server.
struct Limits {
  std::uint32_t header_bytes = 8 * 1024;   ///< More is answered 431.
  std::uint64_t body_bytes = 1024 * 1024;  ///< More is answered 413.
  /// Of a delivery of a webhook, from anybody. Of those over large_bytes only so many are read at once (503).
  std::uint64_t delivery_bytes = std::uint64_t{25} * 1024 * 1024;
  std::uint64_t large_bytes = 64 * 1024;
  std::size_t large_bodies = 8;
  /// For a further one that which has asked for nothing the longest is closed; where all ask, it gets 503.
  std::size_t connections = 2048;
  Duration header_time = std::chrono::seconds(10);  ///< For the whole head, from its first byte.
  Duration body_time = std::chrono::seconds(30);    ///< To read a body.
  Duration answer_time = std::chrono::seconds(30);  ///< To take an answer.
  Duration idle_time = std::chrono::seconds(75);    ///< Between two requests of a connection.
};

}  // namespace changeling::server
