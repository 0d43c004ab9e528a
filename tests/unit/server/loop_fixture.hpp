#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>

#include "server/event_loop.hpp"

namespace changeling::testing {

/// A real event loop that goes on until something is so.
struct Loop {
  std::unique_ptr<server::EventLoop> loop = server::make_event_loop();

  /// Fails the test after ten seconds.
  void run_until(const std::function<bool()>& is_so) {
    bool was_so = false;
    const auto limit = loop->after(std::chrono::seconds(10), [this] { loop->stop(); });
    server::EventLoop::Handle step;
    const std::function<void()> look = [&] {
      was_so = is_so();
      if (was_so) return loop->stop();
      step = loop->after(std::chrono::milliseconds(2), look);
    };
    step = loop->after(Duration(0), look);
    loop->run([](const std::string& problem) { FAIL(problem); });
    REQUIRE(was_so);
  }
};

}  // namespace changeling::testing
