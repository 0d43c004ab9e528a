#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "server/event_loop.hpp"
#include "server/job.hpp"
#include "server/worker.hpp"
#include "support/environment.hpp"
#include "support/json.hpp"

namespace changeling::server {

/// Lets deliveries of webhooks be worked off: by a process for each repository that has some, a few at once.
/// What has to wait is looked at again with the schedules, each minute.
class DeliveryWork {
 public:
  DeliveryWork(EventLoop& loop, Environment environment, Log log);

  /// Something waits in the repository with this git folder.
  void work(const std::string& folder);
  /// Begins nothing any more.
  void stop();
  bool is_busy() const { return !jobs_.empty(); }

 private:
  void start_next();
  void start(const std::string& folder);
  void on_end(const std::string& folder, ExitStatus status);

  EventLoop& loop_;
  Environment environment_;
  Log log_;
  bool stopped_ = false;
  std::deque<std::string> queue_;  ///< Each folder once.
  std::map<std::string, std::unique_ptr<Job>> jobs_;
};

/// What `__deliver` does: works off the deliveries of the repository in its order.
void be_deliverer(const Json& order, const Environment& environment, const Log& say, const Log& log);

}  // namespace changeling::server
