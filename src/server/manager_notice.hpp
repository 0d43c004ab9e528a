#pragma once

#include <string>
#include <string_view>

#include "support/clock.hpp"
#include "support/environment.hpp"

namespace changeling::server {

/// What systemd is told (sd_notify(3)) and what it hands over (sd_listen_fds(3)). Without systemd nothing
/// happens.
class ManagerNotice {
 public:
  explicit ManagerNotice(const Environment& environment);

  /// "READY=1". A manager that cannot be reached is none.
  void tell(std::string_view state) const;
  /// How often "WATCHDOG=1" is to be told: half of what the manager waits for; zero for never.
  Duration watchdog_step() const { return watchdog_step_; }
  /// How many sockets it has opened for this process; the first is descriptor 3.
  int sockets() const { return sockets_; }

  static constexpr int first_socket = 3;

 private:
  std::string socket_;
  Duration watchdog_step_{0};
  int sockets_ = 0;
};

/// The environment without what systemd has said to this process alone.
Environment without_manager(Environment environment);

}  // namespace changeling::server
