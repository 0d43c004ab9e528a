#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <stdexcept>

#include "fixture.hpp"

namespace changeling::testing {

/// Calls `work` in a process of its own that then ends on the spot: nothing is destroyed, finished or
/// flushed. Locks of it go with it.
inline void die_after(const RunFixture& fixture, const std::function<void(OpenServices&)>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 0;
    try {
      OpenServices own(fixture.home.path(), fixture.user.path(), fixture.services().remote);
      work(own);
    } catch (...) {
      code = 1;
    }
    ::_exit(code);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error("the child failed");
}

}  // namespace changeling::testing
