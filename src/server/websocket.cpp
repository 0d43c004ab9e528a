#include "server/websocket.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
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
/// The longest message to an agent fits in, however its letters are written.
constexpr std::size_t longest_message = std::size_t{512} * 1024;

class Session : public WebSocket, public std::enable_shared_from_this<Session> {
 public:
  Session(Stream stream, WebSocketEvents events) : stream_(std::move(stream)), events_(std::move(events)) {}

  void accept(const beast::http::request<beast::http::empty_body>& request) {
    // The time limits are the WebSocket's own from here on.
    stream_.next_layer().expires_never();
    stream_.set_option(websocket::stream_base::timeout{handshake_time, idle_time, true});
    stream_.read_message_max(longest_message);
    stream_.text(true);
    stream_.async_accept(request, [self = shared_from_this()](const SystemError& error) {
      if (error) return self->end();
      self->open_ = true;
      // Whatever it does may end the session, and with it what it was told to do.
      const auto on_open = self->events_.on_open;
      on_open();
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
  std::size_t unsent() const override { return unsent_; }

 private:
  void read() {
    stream_.async_read(buffer_, [self = shared_from_this()](const SystemError& error, std::size_t) {
      if (error) return self->end();
      const std::string text = beast::buffers_to_string(self->buffer_.data());
      self->buffer_.clear();
      if (self->ended_) return;
      self->read();
      const auto on_message = self->events_.on_message;
      if (on_message) on_message(text);
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
    const WebSocketEvents events = std::exchange(events_, {});
    events.on_end();
  }

  websocket::stream<Stream> stream_;
  WebSocketEvents events_;
  beast::flat_buffer buffer_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::size_t unsent_ = 0;
  std::optional<websocket::close_reason> closing_;
  bool open_ = false;
  bool writing_ = false;
  bool ended_ = false;
};

}  // namespace

std::shared_ptr<WebSocket> accept_websocket(Upgrade& upgrade, WebSocketEvents events) {
  auto session = std::make_shared<Session>(std::move(upgrade.stream), std::move(events));
  session->accept(upgrade.request);
  return session;
}

}  // namespace changeling::server
