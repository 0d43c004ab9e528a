#pragma once

// For http_server.cpp alone, see asio_loop.hpp.

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>

#include "server/http_server.hpp"
#include "server/upgrade.hpp"

namespace changeling::server {

namespace http = beast::http;

class Connection;

/// What all connections of a server share.
struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  State(AsioLoop& its_loop, const Limits& its_limits, RequestHandler its_handler)
      : loop(its_loop), limits(its_limits), handler(std::move(its_handler)) {}

  AsioLoop& loop;
  Limits limits;
  RequestHandler handler;
  std::list<std::pair<FileDescriptor, EventLoop::Handle>> listening = {};
  std::list<std::weak_ptr<Connection>> connections = {};
  std::size_t busy = 0;
  std::size_t large_bodies = 0;
  bool draining = false;

  void accept_all(int listening_descriptor);
  void open(FileDescriptor descriptor, int family, std::string peer);
  /// Closes the connection that has asked for nothing for the longest time; false where all ask something.
  bool make_room();
};

/// One client. It lives as long as something waits for it: a read, a write, or who has its Reply.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<HttpServer::State> server, Socket socket, std::string peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Reads the first request.
  void start();
  /// Closes it if it asks nothing at the moment; otherwise it closes after the answer.
  void close_when_idle();
  /// Since when it asks for nothing; nothing while a request is answered.
  using Moment = std::chrono::steady_clock::time_point;
  std::optional<Moment> waits_since() const { return waits_since_; }

 private:
  using Parser = http::request_parser<http::string_body>;

  void read_first_bytes();
  void read_head();
  void on_head(const SystemError& error);
  void decide();
  void hand_over_upgrade();
  void read_body();
  void answer();
  Reply make_reply();
  void respond(Response response, bool keep);
  void refuse_unreadable(const SystemError& error);
  void on_written(const SystemError& error, bool keep);
  /// So that the client can read the answer, although it still sends.
  void close_gently();
  void discard_rest(std::size_t left);
  void count_busy(bool busy);
  /// Holds one of the places for large bodies, or gives it back.
  void count_large(bool large);
  std::uint64_t body_limit() const;
  /// The answer to a body that is too large, or one too many of the large ones.
  std::optional<Response> refuse_body();

  std::shared_ptr<HttpServer::State> server_;
  Stream stream_;
  std::string peer_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  RequestHead head_;
  Caller caller_;
  std::optional<http::response<http::string_body>> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  std::optional<Moment> waits_since_ = std::chrono::steady_clock::now();
  bool is_busy_ = false;
  bool is_large_ = false;
};

}  // namespace changeling::server
