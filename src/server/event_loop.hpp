#pragma once

#include <functional>
#include <memory>
#include <string>

#include "support/clock.hpp"

namespace changeling::server {

/// What the one thread of the server waits in. Everything below is called in that thread, and calls back in
/// it.
class EventLoop {
 public:
  /// What was asked for, until this is destroyed, which a callback may do itself.
  struct Asked {
    virtual ~Asked() = default;
  };
  using Handle = std::unique_ptr<Asked>;
  using Callback = std::function<void()>;
  enum class Ready { ToRead, ToWrite };

  virtual ~EventLoop() = default;

  /// Calls back each time the descriptor is ready; it must stay open meanwhile.
  [[nodiscard]] virtual Handle watch(int descriptor, Ready ready, Callback callback) = 0;
  /// Calls back once, after at least this time.
  [[nodiscard]] virtual Handle after(Duration time, Callback callback) = 0;
  /// Calls back soon, not from inside of this call.
  virtual void post(Callback callback) = 0;
  /// Returns after stop(), and may be called again then. What a callback throws is told, and the loop goes
  /// on.
  virtual void run(const std::function<void(const std::string& problem)>& on_problem) = 0;
  virtual void stop() = 0;
};

/// Over Boost.Asio; see asio_loop.hpp.
std::unique_ptr<EventLoop> make_event_loop();

}  // namespace changeling::server
