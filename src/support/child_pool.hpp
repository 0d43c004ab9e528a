#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <list>
#include <optional>
#include <string>

#include "support/file_descriptor.hpp"
#include "support/process.hpp"

namespace changeling {

/// Does pieces of work in child processes, which share nothing with each other but the repository: this
/// program, started again (see own_program.hpp). A child has a process group of its own, so that Ctrl-C
/// reaches only this process, which passes it on; it is asked to end (TERM) when this process dies.
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

  /// The program prints what answer() returns there. Throws Error(Io) when there is no process to have.
  void start(Command command);
  /// For the child: does the work and returns what to print, also when it throws.
  static std::string answer(const std::function<std::string()>& work);
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

}  // namespace changeling
