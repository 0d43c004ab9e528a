#pragma once

#include "support/error.hpp"

namespace changeling::git {

/// Another git holds the lock of a reference, or a killed one has left it: Error(Conflict) that names the
/// file. Thrown by Repository::compare_and_swap and remove_reference after a wait of two seconds, a thousand
/// times longer than writing a reference takes.
class LockedReference : public Error {
 public:
  using Error::Error;
};

}  // namespace changeling::git
