#include "server/http_server.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "server/answer_headers.hpp"
#include "server/connection.hpp"
#include "server/peer.hpp"
#include "server/problem.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::server {
namespace {

constexpr std::size_t most_discarded = 4 * 1024 * 1024;
constexpr auto discard_time = std::chrono::seconds(2);
/// For clients that are one too many.
constexpr std::string_view too_many =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

std::string text_of(beast::string_view text) {
  return {text.data(), text.size()};
}

void add_header(Headers& headers, const std::string& name, const std::string& value) {
  const auto [place, is_new] = headers.try_emplace(name, value);
  if (!is_new) place->second += (name == "cookie" ? "; " : ", ") + value;
}

/// Whose end another program might see elsewhere.
void refuse_other_codings(const http::request_header<>& message) {
  const auto coding = message.find(http::field::transfer_encoding);
  if (coding == message.end() || beast::iequals(coding->value(), "chunked")) return;
  throw Error(ErrorKind::Invalid, "the body's transfer coding is not known", "send it as it is, or chunked");
}

/// Throws Error(Invalid) for what cannot be read: the target, or how the body is sent.
RequestHead read_request_head(const http::request_header<>& message, const std::string& peer) {
  refuse_other_codings(message);
  RequestHead head;
  head.method = text_of(message.method_string());
  head.peer = peer;
  head.is_http_1_0 = message.version() == 10;
  head.several_hosts = message.count(http::field::host) > 1;
  for (const auto& field : message)
    add_header(head.headers, to_lower(text_of(field.name_string())), text_of(field.value()));
  read_target(head, text_of(message.target()));
  return head;
}

Response unreadable(const SystemError& error) {
  if (error == http::error::header_limit)
    return problem(431, ErrorKind::Invalid, "the request's head is longer than 8 KiB", "send fewer headers");
  if (error == http::error::body_limit)
    return problem(413, ErrorKind::Invalid, "the request's body is too long", "send less at once");
  return problem(400, ErrorKind::Invalid, "this is no request of HTTP/1.1: " + error.message());
}

/// Whether it is the client's words that are wrong, and not its connection.
bool is_about_words(const SystemError& error) {
  return error.category() == make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

http::response<http::string_body> message_of(Response response, unsigned version, bool keep) {
  add_answer_headers(response);
  http::response<http::string_body> message;
  message.version(version);
  message.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) message.set(name, value);
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  message.body() = std::move(response.body);
  message.keep_alive(keep);
  if (response.status != 204 && response.status != 304) message.prepare_payload();
  return message;
}

}  // namespace

std::unique_ptr<EventLoop> make_event_loop() {
  return std::make_unique<AsioLoop>();
}

Connection::Connection(std::shared_ptr<HttpServer::State> server, Socket socket, std::string peer)
    : server_(std::move(server)), stream_(std::move(socket)), peer_(std::move(peer)) {}

Connection::~Connection() {
  count_large(false);
  count_busy(false);
}

void Connection::start() {
  stream_.expires_after(server_->limits.header_time);
  read_head();
}

void Connection::close_when_idle() {
  if (!waits_since_) return;
  waits_since_.reset();
  stream_.close();
}

void Connection::count_busy(bool busy) {
  if (busy == is_busy_) return;
  is_busy_ = busy;
  server_->busy += busy ? 1 : std::size_t(-1);
}

void Connection::count_large(bool large) {
  if (large == is_large_) return;
  is_large_ = large;
  server_->large_bodies += large ? 1 : std::size_t(-1);
}

std::uint64_t Connection::body_limit() const {
  return server_->handler.is_delivery(head_) ? server_->limits.delivery_bytes : server_->limits.body_bytes;
}

std::optional<Response> Connection::refuse_body() {
  const std::uint64_t limit = body_limit();
  const auto length = parser_->content_length();
  if (length && *length > limit) return unreadable(http::error::body_limit);
  const bool is_delivery = limit > server_->limits.body_bytes;
  // Of a chunked one nobody knows before its end, and anybody can send one.
  if (is_delivery && parser_->chunked())
    return problem(411, ErrorKind::Invalid, "a delivery says how long it is", "send: Content-Length");
  const bool is_large = is_delivery && length && *length > server_->limits.large_bytes;
  if (is_large && server_->large_bodies >= server_->limits.large_bodies) {
    Response response =
        problem(503, ErrorKind::Unavailable, "too many large requests are read already", "try again");
    response.headers["retry-after"] = "5";
    return response;
  }
  count_large(is_large);
  parser_->body_limit(limit);
  return std::nullopt;
}

/// Between two requests a client may wait for longer than within one.
void Connection::read_first_bytes() {
  constexpr std::size_t part = 4096;
  waits_since_ = std::chrono::steady_clock::now();
  stream_.expires_after(server_->limits.idle_time);
  stream_.async_read_some(buffer_.prepare(part), [self = shared_from_this()](auto error, std::size_t count) {
    if (error) return;
    self->buffer_.commit(count);
    self->stream_.expires_after(self->server_->limits.header_time);
    self->read_head();
  });
}

void Connection::read_head() {
  parser_.emplace();
  parser_->header_limit(server_->limits.header_bytes);
  // Until it is known what it is.
  parser_->body_limit(server_->limits.delivery_bytes);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](auto error, std::size_t) { self->on_head(error); });
}

void Connection::on_head(const SystemError& error) {
  if (error && !is_about_words(error)) return;
  waits_since_.reset();
  count_busy(true);
  if (error) return refuse_unreadable(error);
  try {
    head_ = read_request_head(parser_->get(), peer_);
  } catch (const Error& unusable) {
    return respond(problem(400, unusable.kind(), unusable.what(), unusable.hint()), false);
  }
  if (auto refusal = refuse_body()) return respond(std::move(*refusal), false);
  decide();
}

void Connection::decide() {
  caller_ = {};
  if (auto refusal = server_->handler.refuse(head_, caller_)) {
    const bool keep = parser_->is_done() && parser_->keep_alive();
    return respond(std::move(*refusal), keep);
  }
  if (parser_->upgrade() && parser_->is_done()) return hand_over_upgrade();
  read_body();
}

void Connection::hand_over_upgrade() {
  Upgrade upgrade{std::move(stream_), {}};
  upgrade.request.base() = parser_->get().base();
  server_->handler.upgrade({head_.method, head_.path, head_.query, head_.headers, "", caller_}, upgrade);
  count_busy(false);
}

void Connection::read_body() {
  stream_.expires_after(server_->limits.body_time);
  if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(go_on), [self = shared_from_this()](auto error, std::size_t) {
      if (!error) self->parser_->get().erase(http::field::expect);
      if (!error) self->read_body();
    });
    return;
  }
  http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](auto error, std::size_t) {
    if (!error) return self->answer();
    if (is_about_words(error)) self->refuse_unreadable(error);
  });
}

void Connection::answer() {
  stream_.expires_never();
  const std::string method = head_.method == "HEAD" ? "GET" : head_.method;
  server_->handler.answer(
      head_, {method, head_.path, head_.query, head_.headers, std::move(parser_->get().body()), caller_},
      make_reply());
}

Reply Connection::make_reply() {
  auto asked = std::make_shared<std::shared_ptr<Connection>>(shared_from_this());
  return [asked](Response response) {
    const std::shared_ptr<Connection> self = std::exchange(*asked, nullptr);
    if (self) self->respond(std::move(response), self->parser_->keep_alive());
  };
}

void Connection::refuse_unreadable(const SystemError& error) {
  respond(unreadable(error), false);
}

void Connection::respond(Response response, bool keep) {
  count_large(false);
  keep = keep && !server_->draining;
  const unsigned version = head_.is_http_1_0 ? 10 : 11;
  response_.emplace(message_of(std::move(response), version, keep));
  serializer_.emplace(*response_);
  stream_.expires_after(server_->limits.answer_time);
  const auto written = [self = shared_from_this(), keep](auto error, std::size_t) {
    self->on_written(error, keep);
  };
  if (head_.method == "HEAD") {
    http::async_write_header(stream_, *serializer_, written);
  } else {
    http::async_write(stream_, *serializer_, written);
  }
}

void Connection::on_written(const SystemError& error, bool keep) {
  serializer_.reset();
  response_.reset();
  count_busy(false);
  if (error) return;
  if (!keep || server_->draining) return close_gently();
  if (buffer_.size() > 0) {
    stream_.expires_after(server_->limits.header_time);
    return read_head();
  }
  read_first_bytes();
}

void Connection::close_gently() {
  SystemError ignored;
  stream_.socket().shutdown(Socket::shutdown_send, ignored);
  waits_since_ = std::chrono::steady_clock::now();
  stream_.expires_after(discard_time);
  discard_rest(most_discarded);
}

void Connection::discard_rest(std::size_t left) {
  constexpr std::size_t part = 65536;
  buffer_.clear();
  if (left < part) return;
  stream_.async_read_some(buffer_.prepare(part),
                          [self = shared_from_this(), left](auto error, std::size_t count) {
                            if (!error) self->discard_rest(left - count);
                          });
}

bool HttpServer::State::make_room() {
  std::shared_ptr<Connection> longest;
  for (const auto& known : connections) {
    auto connection = known.lock();
    if (!connection || !connection->waits_since()) continue;
    if (!longest || connection->waits_since() < longest->waits_since()) longest = std::move(connection);
  }
  if (longest) longest->close_when_idle();
  return longest != nullptr;
}

void HttpServer::State::open(FileDescriptor descriptor, int family, std::string peer) {
  std::erase_if(connections, [](const auto& connection) { return connection.expired(); });
  if (connections.size() >= limits.connections && !make_room()) {
    [[maybe_unused]] const auto sent =
        ::send(descriptor.get(), too_many.data(), too_many.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return;
  }
  Socket socket(loop.context());
  SystemError unusable;
  socket.assign(asio::generic::stream_protocol(family, 0), ::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, 0),
                unusable);
  if (unusable) return;
  // An answer is written at once; waiting for more of it would only make it late.
  if (family != AF_UNIX) socket.set_option(asio::ip::tcp::no_delay(true), unusable);
  const auto connection =
      std::make_shared<Connection>(shared_from_this(), std::move(socket), std::move(peer));
  connections.push_back(connection);
  connection->start();
}

void HttpServer::State::accept_all(int listening_descriptor) {
  for (;;) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    FileDescriptor descriptor(::accept4(listening_descriptor, reinterpret_cast<sockaddr*>(&address), &size,
                                        SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (descriptor) {
      open(std::move(descriptor), address.ss_family, peer_name(address));
    } else if (errno != EINTR && errno != ECONNABORTED) {
      return;
    }
  }
}

HttpServer::HttpServer(EventLoop& loop, const Limits& limits, RequestHandler handler)
    : state_(std::make_shared<State>(dynamic_cast<AsioLoop&>(loop), limits, std::move(handler))) {}

HttpServer::~HttpServer() = default;

void HttpServer::listen(FileDescriptor listening) {
  const int number = listening.get();
  auto handle = state_->loop.watch(number, EventLoop::Ready::ToRead,
                                   [state = state_.get(), number] { state->accept_all(number); });
  state_->listening.emplace_back(std::move(listening), std::move(handle));
}

void HttpServer::drain() {
  state_->draining = true;
  state_->listening.clear();
  const auto connections = state_->connections;
  for (const auto& known : connections) {
    if (const auto connection = known.lock()) connection->close_when_idle();
  }
}

std::size_t HttpServer::busy() const {
  return state_->busy;
}

std::size_t HttpServer::connections() const {
  std::erase_if(state_->connections, [](const auto& connection) { return connection.expired(); });
  return state_->connections.size();
}

}  // namespace changeling::server
