#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/event_loop.hpp"
#include "server/job.hpp"
#include "server/worker.hpp"
#include "support/clock.hpp"
#include "support/environment.hpp"

namespace changeling::server {

/// Looks once a minute, at its beginning, for what is due in the repositories: what `git changeling tick`
/// does, each time in a fresh process. A look that takes longer than a minute is not joined by another.
class Scheduler {
 public:
  Scheduler(EventLoop& loop, const Clock& clock, Environment environment, Log log);

  /// Which repositories; also while it runs.
  void look_after(const std::vector<Served>& repositories);
  /// Looks at once, and every minute from now on.
  void start();
  /// Begins no further look; one that goes on ends by itself.
  void stop();
  bool is_busy() const { return look_ != nullptr; }

 private:
  void look();
  void wait_for_the_next_minute();

  EventLoop& loop_;
  const Clock& clock_;
  Environment environment_;
  Log log_;
  std::vector<std::string> folders_;
  bool stopped_ = false;
  std::unique_ptr<Job> look_;
  EventLoop::Handle next_;
};

/// What `__tick` does: one look at the repositories of the order {"repositories": [FOLDER]}. `say` gets a
/// line for each thing that happened.
void be_ticker(const Json& order, const Environment& environment, const Log& say, const Log& log);

}  // namespace changeling::server
