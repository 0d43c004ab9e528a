#include "server/job.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace changeling::server {

Job::Job(EventLoop& loop, Command command, OnLine on_line, OnEnd on_end)
    : loop_(loop), process_(std::move(command)), on_line_(std::move(on_line)), on_end_(std::move(on_end)) {
  reading_ = loop_.watch(process_.output(), EventLoop::Ready::ToRead, [this] { read(); });
}

void Job::ask_to_end() const {
  process_.signal(SIGTERM);
}

void Job::read() {
  std::array<char, 16384> buffer;
  const ssize_t count = ::read(process_.output(), buffer.data(), buffer.size());
  if (count > 0) {
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return hand_over_lines();
  }
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  reading_.reset();
  // Not from inside of this object, which the end may destroy.
  loop_.post([on_end = std::move(on_end_), status = process_.reap()] { on_end(status); });
}

void Job::hand_over_lines() {
  for (auto end = received_.find('\n'); end != std::string::npos; end = received_.find('\n')) {
    on_line_(received_.substr(0, end));
    received_.erase(0, end + 1);
  }
}

}  // namespace changeling::server
