#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>

#include "support/file_descriptor.hpp"

namespace changeling::cli {

/// Does pieces of work in child processes, which share nothing with each other but the repository. A child
/// has a process group of its own, so that Ctrl-C reaches only this process, which passes it on; it reads
/// /dev/null, and is asked to end (TERM) when this process dies.
class ChildPool {
 public:
  struct Ended {
    std::string told;     ///< What the work returned.
    std::string problem;  ///< Why it returned nothing: what it threw, or the signal that ended it.
  };

  ChildPool() = default;
  ChildPool(const ChildPool&) = delete;
  ChildPool& operator=(const ChildPool&) = delete;
  ~ChildPool();

  /// `work` must use nothing that this process has opened. Throws Error(Io) when there is no process to have.
  void start(const std::function<std::string()>& work);
  std::size_t running() const { return children_.size(); }
  /// The next child that ends, or nothing after the time.
  std::optional<Ended> wait(std::chrono::milliseconds patience);
  void signal_all(int number) const;

 private:
  struct Child {
    pid_t process = -1;
    FileDescriptor pipe;
    std::string told;
  };
  static Ended end(Child& child);

  std::list<Child> children_;
};

}  // namespace changeling::cli
