#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/file_descriptor.hpp"

namespace changeling {

/// One end of a conversation in lines over a local socket. Nothing here blocks.
class LineSocket {
 public:
  explicit LineSocket(FileDescriptor descriptor) : descriptor_(std::move(descriptor)) {}
  /// Nothing when nobody listens at the path, however long that is.
  static std::optional<LineSocket> connect(const std::filesystem::path& path);

  /// The whole lines that have arrived, without their newline. A line of more than a megabyte breaks the
  /// connection.
  std::vector<std::string> receive();
  /// Queues the line and sends what the other side has room for.
  void send(std::string_view line);
  void flush();

  std::size_t unsent() const { return unsent_.size(); }
  bool input_ended() const { return input_ended_; }  ///< The other side will not say more.
  /// The other side is gone altogether: it neither speaks nor hears.
  bool gone() const;
  int descriptor() const { return descriptor_.get(); }
  /// Waits until there is something to read (or to write, while something is unsent), a signal comes, or the
  /// time is over.
  void wait(std::chrono::milliseconds patience) const;

 private:
  FileDescriptor descriptor_;
  std::string received_;
  std::string unsent_;
  bool input_ended_ = false;
  bool broken_ = false;
};

/// A socket in the file system, for its owner only. Removed on destruction.
class LocalListener {
 public:
  /// Replaces what is at the path. Paths of any length will do, as long as /proc is there. Throws Error(Io).
  explicit LocalListener(const std::filesystem::path& path, uid_t user = ::geteuid());
  ~LocalListener();
  LocalListener(const LocalListener&) = delete;
  LocalListener& operator=(const LocalListener&) = delete;

  /// The next who has connected, if there is one. Processes of other users are turned away: the kernel says
  /// whose they are (SO_PEERCRED).
  std::optional<LineSocket> accept() const;
  int descriptor() const { return descriptor_.get(); }

 private:
  std::filesystem::path path_;
  uid_t user_;
  FileDescriptor descriptor_;
};

}  // namespace changeling
