#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "server/event_loop.hpp"
#include "support/file_descriptor.hpp"

namespace changeling::server {

/// What one client gets of a run's log from some byte on, as it grows: each byte once and in order, in whole
/// lines as far as there are any. Each client has its own place in the file, so nothing has to be kept for
/// one that reads slowly. One thread, that of the loop.
class RunOutput {
 public:
  struct Source {
    std::string run;          ///< Id.
    std::string log;          ///< Path of its log.
    std::uint64_t after = 0;  ///< So many bytes are known.
  };
  /// What it talks to.
  struct Client {
    std::function<void(std::string)> send;
    std::function<std::size_t()> unsent;  ///< Bytes that it has not taken yet.
  };

  /// Begins at once. Throws Error(NotFound) where there is no such file, Error(Io) where it cannot be
  /// watched.
  RunOutput(EventLoop& loop, Source source, Client client);
  RunOutput(const RunOutput&) = delete;
  RunOutput& operator=(const RunOutput&) = delete;

 private:
  void on_change();
  void look();
  bool send_part();

  EventLoop& loop_;
  Source source_;
  Client client_;
  FileDescriptor log_;
  FileDescriptor changes_;
  EventLoop::Handle watching_;
  EventLoop::Handle next_look_;
};

}  // namespace changeling::server
