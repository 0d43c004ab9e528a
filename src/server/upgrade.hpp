#pragma once

// For http_server.cpp and websocket.cpp alone, see asio_loop.hpp.

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include "server/asio_loop.hpp"

namespace changeling::server {

/// A connection whose client has asked for a WebSocket. Whoever takes the stream answers the request.
class Upgrade {
 public:
  Stream stream;
  beast::http::request<beast::http::empty_body> request;
};

}  // namespace changeling::server
