#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "server/event_loop.hpp"
#include "server/limits.hpp"
#include "server/message.hpp"
#include "server/request_head.hpp"
#include "support/file_descriptor.hpp"

namespace changeling::server {

/// Gives the answer to the client, once; later ones, and those for clients that have gone, are nothing.
using Reply = std::function<void(Response)>;

/// A client that asked for a WebSocket and may have one; see websocket.hpp.
class Upgrade;

/// What is done with requests. The body is read only after `refuse` had no objection, so that nobody sends a
/// megabyte without having logged in.
struct RequestHandler {
  /// The answer to one that is refused; for others it fills in the caller.
  std::function<std::optional<Response>(const RequestHead&, Caller&)> refuse;
  /// Whether its body may be as large as that of a delivery.
  std::function<bool(const RequestHead&)> is_delivery;
  std::function<void(const RequestHead&, Request, Reply)> answer;
  /// For a request that asks for a WebSocket, after `refuse`. Where nobody takes it, it is closed.
  std::function<void(const Request&, Upgrade&)> upgrade;
};

/// HTTP/1.1 over sockets that somebody else has opened (listener.hpp). One thread, that of the loop.
class HttpServer {
 public:
  /// `loop` is one of make_event_loop().
  HttpServer(EventLoop& loop, const Limits& limits, RequestHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Accepts from now on.
  void listen(FileDescriptor listening);
  /// Accepts nobody any more, closes connections that ask nothing, and the others after their answer.
  void drain();
  /// How many requests wait for an answer, or for it to be taken.
  std::size_t busy() const;
  std::size_t connections() const;

  struct State;  ///< See connection.hpp.

 private:
  std::shared_ptr<State> state_;
};

}  // namespace changeling::server
