#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/message.hpp"
#include "support/json.hpp"

namespace changeling::server {

/// What the server and a worker process tell each other: some JSON, and bytes that are nobody's business.
struct Frame {
  Json about;
  std::string body;
};

/// As it goes over the socket: two lengths of four bytes each, most significant first, then the JSON and the
/// body.
std::string encode(const Frame& frame);

/// Puts frames together from what has arrived.
class FrameReader {
 public:
  /// A worker that says more than this at once is broken.
  static constexpr std::size_t longest = std::size_t{256} << 20U;

  void add(std::string_view bytes) { received_.append(bytes); }
  /// The next whole frame. Throws Error(Invalid) for what is none.
  std::optional<Frame> next();

 private:
  std::string received_;
};

/// A request and an answer as frames. Reading throws Error(Invalid) for what is none.
Frame to_frame(Request request);
Request request_from(Frame frame);
Frame to_frame(Response response);
Response response_from(Frame frame);

}  // namespace changeling::server
