#pragma once

#include "support/clock.hpp"

namespace changeling::testing {

class FixedClock : public Clock {
 public:
  Timestamp now() const override { return parse_timestamp("2026-11-20T12:00:00Z"); }
};

inline const FixedClock fixed_clock;

}  // namespace changeling::testing
