#include "server/frame.hpp"

#include <array>
#include <cstdint>

#include "support/error.hpp"

namespace changeling::server {
namespace {

constexpr std::size_t length_size = 4;
using Texts = std::map<std::string, std::string>;

std::string encoded_length(std::size_t length) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((length >> shift) & 0xffU);
  return bytes;
}

std::size_t decoded_length(std::string_view bytes) {
  std::size_t length = 0;
  for (const char byte : bytes.substr(0, length_size))
    length = length << 8U | static_cast<unsigned char>(byte);
  return length;
}

/// Bytes of a client that are no UTF-8 must not cost the worker its answer.
std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Texts texts_in(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? Texts() : found->get<Texts>();
}

template <typename Read>
auto read_frame(const Frame& frame, Read read) {
  try {
    return read(frame.about);
  } catch (const nlohmann::json::exception& problem) {
    throw Error(ErrorKind::Invalid, std::string("a frame is not as it should be: ") + problem.what());
  }
}

Json to_json(const Caller& caller) {
  return {{"session", caller.session}, {"user", caller.user}, {"may_write", caller.may_write}};
}

Caller caller_from(const Json& json) {
  return {json.at("session").get<std::string>(), json.at("user").get<std::string>(),
          json.at("may_write").get<bool>()};
}

}  // namespace

std::string encode(const Frame& frame) {
  const std::string about = dumped(frame.about);
  return encoded_length(about.size()) + encoded_length(frame.body.size()) + about + frame.body;
}

std::optional<Frame> FrameReader::next() {
  constexpr std::size_t head = 2 * length_size;
  if (received_.size() < head) return std::nullopt;
  const std::size_t about = decoded_length(received_);
  const std::size_t body = decoded_length(std::string_view(received_).substr(length_size));
  if (about + body > longest) throw Error(ErrorKind::Invalid, "a frame is longer than anybody would send");
  if (received_.size() < head + about + body) return std::nullopt;
  Frame frame{parse_json(std::string_view(received_).substr(head, about), "a frame"),
              received_.substr(head + about, body)};
  received_.erase(0, head + about + body);
  return frame;
}

Frame to_frame(Request request) {
  return {{{"method", request.method},
           {"path", request.path},
           {"query", request.query},
           {"headers", request.headers},
           {"caller", to_json(request.caller)}},
          std::move(request.body)};
}

Request request_from(Frame frame) {
  return read_frame(frame, [&frame](const Json& about) {
    return Request{about.at("method").get<std::string>(),
                   about.at("path").get<std::string>(),
                   texts_in(about, "query"),
                   texts_in(about, "headers"),
                   std::move(frame.body),
                   caller_from(about.at("caller"))};
  });
}

Frame to_frame(Response response) {
  return {
      {{"status", response.status}, {"content_type", response.content_type}, {"headers", response.headers}},
      std::move(response.body)};
}

Response response_from(Frame frame) {
  return read_frame(frame, [&frame](const Json& about) {
    return Response{about.at("status").get<int>(), about.at("content_type").get<std::string>(),
                    texts_in(about, "headers"), std::move(frame.body)};
  });
}

}  // namespace changeling::server
