#include "server/websocket.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <optional>

#include "server/upgrade.hpp"

namespace changeling::server {
namespace {

namespace websocket = beast::websocket;

/// Half of the idle time passes before a ping.
constexpr auto idle_time = std::chrono::seconds(40);
constexpr auto handshake_time = std::chrono::seconds(10);
constexpr std::size_t longest_message = std::size_t{64} * 1024;

class Session : public WebSocket, public std::enable_shared_from_this<Session> {
 public:
  Session(Stream stream, std::function<void()> on_open, std::function<void()> on_end)
      : stream_(std::move(stream)), on_open_(std::move(on_open)), on_end_(std::move(on_end)) {}

  void accept(const beast::http::request<beast::http::empty_body>& request) {
    // The time limits are the WebSocket's own from here on.
    stream_.next_layer().expires_never();
    stream_.set_option(websocket::stream_base::timeout{handshake_time, idle_time, true});
    stream_.read_message_max(longest_message);
    stream_.text(true);
    stream_.async_accept(request, [self = shared_from_this()](const SystemError& error) {
      if (error) return self->end();
      self->open_ = true;
      self->on_open_();
      self->read();
      self->write();
    });
  }

  void send(std::shared_ptr<const std::string> text) override {
    if (ended_ || closing_) return;
    unsent_ += text->size();
    queue_.push_back(std::move(text));
    if (unsent_ > most_unsent) return cut();
    write();
  }

  void close(CloseCode code, const std::string& reason) override {
    if (ended_ || closing_) return;
    closing_.emplace(static_cast<websocket::close_code>(code), reason);
    write();
  }

  bool is_open() const override { return open_ && !ended_; }

 private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](const SystemError& error, std::size_t) {
      if (error) return self->end();
      self->buffer_.clear();
      self->read();
    });
  }

  /// One write at a time, which Beast asks for.
  void write() {
    if (!open_ || writing_ || ended_) return;
    if (queue_.empty()) return say_goodbye();
    writing_ = true;
    const auto text = queue_.front();
    stream_.async_write(asio::buffer(*text),
                        [self = shared_from_this(), text](const SystemError& error, std::size_t) {
                          self->writing_ = false;
                          if (error) return self->end();
                          self->unsent_ -= text->size();
                          self->queue_.pop_front();
                          self->write();
                        });
  }

  void say_goodbye() {
    if (!closing_) return;
    writing_ = true;
    stream_.async_close(*closing_, [self = shared_from_this()](const SystemError&) { self->end(); });
  }

  /// A goodbye would wait behind what it does not take.
  void cut() {
    stream_.next_layer().close();
    end();
  }

  void end() {
    if (ended_) return;
    ended_ = true;
    on_end_();
    on_open_ = nullptr;
    on_end_ = nullptr;
  }

  websocket::stream<Stream> stream_;
  std::function<void()> on_open_;
  std::function<void()> on_end_;
  beast::flat_buffer buffer_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::size_t unsent_ = 0;
  std::optional<websocket::close_reason> closing_;
  bool open_ = false;
  bool writing_ = false;
  bool ended_ = false;
};

}  // namespace

std::shared_ptr<WebSocket> accept_websocket(Upgrade& upgrade, std::function<void()> on_open,
                                            std::function<void()> on_end) {
  auto session = std::make_shared<Session>(std::move(upgrade.stream), std::move(on_open), std::move(on_end));
  session->accept(upgrade.request);
  return session;
}

}  // namespace changeling::server
