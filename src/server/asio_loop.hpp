#pragma once

// For http_server.cpp and websocket.cpp alone: what includes Boost takes seconds and hundreds of megabytes to
// compile.

#include <fcntl.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "server/event_loop.hpp"

namespace changeling::server {

namespace asio = boost::asio;
namespace beast = boost::beast;

using Executor = asio::io_context::executor_type;
/// One type for TCP and Unix sockets.
using Socket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using Stream = beast::basic_stream<asio::generic::stream_protocol, Executor, beast::unlimited_rate_policy>;
using SystemError = boost::system::error_code;

/// EventLoop over an io_context.
class AsioLoop : public EventLoop {
 public:
  asio::io_context& context() { return context_; }

  Handle watch(int descriptor, Ready ready, Callback callback) override {
    // A copy of its own: Asio knows each number once, and closes what it has.
    auto watched = std::make_shared<Watched>(context_, ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0), ready,
                                             std::move(callback));
    watched->wait();
    return std::make_unique<Ending<Watched>>(std::move(watched));
  }

  Handle after(Duration time, Callback callback) override {
    auto timer = std::make_shared<Timer>(context_, std::move(callback));
    timer->wait(time);
    return std::make_unique<Ending<Timer>>(std::move(timer));
  }

  void post(Callback callback) override { asio::post(context_, std::move(callback)); }

  void run(const std::function<void(const std::string&)>& on_problem) override {
    const auto work = asio::make_work_guard(context_);
    while (!context_.stopped()) {
      try {
        context_.run();
      } catch (const std::exception& problem) {
        on_problem(problem.what());
      }
    }
    context_.restart();
  }

  void stop() override { context_.stop(); }

 private:
  class Watched : public std::enable_shared_from_this<Watched> {
   public:
    Watched(asio::io_context& context, int descriptor, Ready ready, Callback callback)
        : descriptor_(context, descriptor),
          direction_(ready == Ready::ToRead ? asio::posix::stream_descriptor::wait_read
                                            : asio::posix::stream_descriptor::wait_write),
          callback_(std::move(callback)) {}

    void wait() {
      descriptor_.async_wait(direction_, [self = shared_from_this()](const SystemError& error) {
        if (error || self->ended_) return;
        self->callback_();
        if (!self->ended_) self->wait();
      });
    }
    void end() {
      ended_ = true;
      SystemError ignored;
      descriptor_.close(ignored);
    }

   private:
    asio::posix::stream_descriptor descriptor_;
    asio::posix::stream_descriptor::wait_type direction_;
    Callback callback_;
    bool ended_ = false;
  };

  class Timer : public std::enable_shared_from_this<Timer> {
   public:
    Timer(asio::io_context& context, Callback callback) : timer_(context), callback_(std::move(callback)) {}

    void wait(Duration time) {
      timer_.expires_after(time);
      timer_.async_wait([self = shared_from_this()](const SystemError& error) {
        if (!error && !self->ended_) self->callback_();
      });
    }
    void end() {
      ended_ = true;
      timer_.cancel();
    }

   private:
    asio::steady_timer timer_;
    Callback callback_;
    bool ended_ = false;
  };

  template <typename Kept>
  class Ending : public Asked {
   public:
    explicit Ending(std::shared_ptr<Kept> kept) : kept_(std::move(kept)) {}
    Ending(const Ending&) = delete;
    Ending& operator=(const Ending&) = delete;
    ~Ending() override { kept_->end(); }

   private:
    std::shared_ptr<Kept> kept_;
  };

  asio::io_context context_{1};
};

}  // namespace changeling::server
