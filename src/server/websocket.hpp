#pragma once

#include <functional>
#include <memory>
#include <string>

namespace changeling::server {

class Upgrade;

/// Close codes (RFC 6455, 7.4): what a client does next depends on them.
enum class CloseCode {
  GoingAway = 1001,   ///< The server ends; try again soon.
  LogInAgain = 4401,  ///< The session is over.
};

/// A client that listens and speaks. One thread, that of the loop.
class WebSocket {
 public:
  /// More than this that a client has not taken, and it is cut.
  static constexpr std::size_t most_unsent = std::size_t{1} << 20U;

  virtual ~WebSocket() = default;

  /// Sends a text message; of one that is cut or closed nothing more is sent.
  virtual void send(std::shared_ptr<const std::string> text) = 0;
  virtual void close(CloseCode code, const std::string& reason) = 0;
  virtual bool is_open() const = 0;
  /// Bytes that the client has not taken yet.
  virtual std::size_t unsent() const = 0;
};

/// What happens to a WebSocket.
struct WebSocketEvents {
  std::function<void()> on_open;                            ///< Messages can be sent from now on.
  std::function<void(const std::string& text)> on_message;  ///< At most 512 KiB.
  std::function<void()> on_end;                             ///< Once, however it ends.
};

/// Answers the client's request and pings it every twenty seconds from then on.
std::shared_ptr<WebSocket> accept_websocket(Upgrade& upgrade, WebSocketEvents events);

}  // namespace changeling::server
