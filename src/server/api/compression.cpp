#include "server/api/compression.hpp"

#include <zlib.h>

#include "server/api/entity_tag.hpp"
#include "support/error.hpp"
#include "support/text.hpp"

namespace changeling::server::api {
namespace {

/// Above the window's size it makes gzip instead of a bare stream, see deflateInit2 in zlib.h.
constexpr int gzip_window = 15 + 16;
constexpr int memory_level = 8;
/// The fastest one: a list of tasks shrinks to an eighth with it already.
constexpr int level = 1;

bool is_refused(const std::string& parameters) {
  const std::string value = to_lower(parameters);
  return value.find("q=0") != std::string::npos && value.find_first_of("123456789") == std::string::npos;
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) {
  for (const std::string& item : split(accept_encoding, ',')) {
    const auto semicolon = item.find(';');
    const std::string coding = to_lower(trim(item.substr(0, semicolon)));
    if (coding != "gzip" && coding != "*") continue;
    return semicolon == std::string::npos || !is_refused(item.substr(semicolon));
  }
  return false;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error(ErrorKind::Internal, "zlib could not be started");
  std::string compressed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  // zlib reads from it only.
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  const int result = deflate(&stream, Z_FINISH);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  if (result != Z_STREAM_END) throw Error(ErrorKind::Internal, "zlib could not compress an answer");
  return compressed;
}

void compress(const Headers& request, Response& response) {
  response.headers["vary"] = "Accept-Encoding";
  const auto accepted = request.find("accept-encoding");
  if (response.body.size() <= smallest_compressed || accepted == request.end() ||
      !takes_gzip(accepted->second))
    return;
  response.body = gzip(response.body);
  response.headers["content-encoding"] = "gzip";
  if (const auto tag = response.headers.find("etag"); tag != response.headers.end())
    tag->second = compressed_tag(tag->second);
}

}  // namespace changeling::server::api
