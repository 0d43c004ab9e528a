#include "support/detach.hpp"

#include <doctest/doctest.h>

#include <mutex>
#include <thread>

#include "support/error.hpp"

using namespace changeling;

TEST_CASE("nothing goes on in a copy of a process that has threads") {
  std::mutex held;
  held.lock();
  std::thread other([&] { const std::scoped_lock wait(held); });
  bool worked = false;
  CHECK_THROWS_AS(fork_into_background([&] { worked = true; }), Error);
  held.unlock();
  other.join();
  CHECK_FALSE(worked);
}
