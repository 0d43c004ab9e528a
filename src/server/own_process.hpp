#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "support/environment.hpp"
#include "support/file_descriptor.hpp"
#include "support/json.hpp"
#include "support/process.hpp"

namespace changeling::server {

/// A process of this service: it leads a group of its own, and is asked to end (TERM) when the server dies.
/// Its destructor kills the group.
class OwnProcess {
 public:
  /// Throws Error(NotFound) or Error(Io).
  explicit OwnProcess(Command command);
  OwnProcess(OwnProcess&& other) noexcept;
  OwnProcess& operator=(OwnProcess&&) = delete;
  ~OwnProcess();

  pid_t id() const { return process_; }
  /// Reads of it do not block; its end shows that the process has ended, or has nothing more to say.
  int output() const { return output_.get(); }
  void signal(int number) const;
  /// Waits for its end, which has to be near.
  ExitStatus reap();

 private:
  pid_t process_ = -1;
  FileDescriptor output_;
};

/// This program again with `words`, in this environment, with its order on standard input.
Command again(const std::vector<std::string>& words, const Environment& environment, const Json& order);

/// Two ends of a conversation; neither is inherited by chance, and ours does not block.
struct Conversation {
  FileDescriptor ours;
  std::shared_ptr<const FileDescriptor> theirs;
};
Conversation make_conversation();

}  // namespace changeling::server
