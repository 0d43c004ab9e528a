#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/event_loop.hpp"
#include "server/job.hpp"
#include "server/worker.hpp"
#include "support/environment.hpp"

namespace changeling::server {

/// Workers on the tasks of each repository: `git changeling work` beside the server, started again when it
/// ends. What a crew that dies had claimed is found by the next one, as always.
class Crews {
 public:
  /// `size` workers for each repository; 0 is none at all.
  Crews(EventLoop& loop, std::size_t size, Environment environment, Log log);

  /// Starts what is missing, and asks those of repositories that are gone to end.
  void look_after(const std::vector<Served>& repositories);
  /// The first time: no further task; running ones are finished. The second: their agents are stopped, and
  /// the tasks given back.
  void ask_to_end();
  bool is_busy() const { return !crews_.empty(); }

 private:
  void start(const Served& repository);
  void on_end(const std::string& folder, const ExitStatus& status);

  EventLoop& loop_;
  std::size_t size_;
  Environment environment_;
  Log log_;
  std::vector<Served> repositories_;
  std::map<std::string, std::unique_ptr<Job>> crews_;  ///< By git folder.
  bool ending_ = false;
  EventLoop::Handle next_attempt_;
};

}  // namespace changeling::server
