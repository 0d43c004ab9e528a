#pragma once

#include <functional>
#include <memory>
#include <string>

#include "server/event_loop.hpp"
#include "server/own_process.hpp"

namespace changeling::server {

/// A process that runs beside the server until it ends by itself, and the lines that it prints. Its
/// destructor kills it.
class Job {
 public:
  using OnLine = std::function<void(const std::string& line)>;
  using OnEnd = std::function<void(ExitStatus)>;

  /// `on_end` may destroy the job. Throws what starting throws.
  Job(EventLoop& loop, Command command, OnLine on_line, OnEnd on_end);
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// TERM or INT, which it may take its time for.
  void ask_to_end() const;

 private:
  void read();
  void hand_over_lines();

  EventLoop& loop_;
  OwnProcess process_;
  OnLine on_line_;
  OnEnd on_end_;
  std::string received_;
  EventLoop::Handle reading_;
};

}  // namespace changeling::server
