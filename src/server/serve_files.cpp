#include "server/serve_files.hpp"

#include <fmt/format.h>

#include "support/sha256.hpp"
#include "support/user_folders.hpp"

namespace changeling::server {
namespace {

namespace fs = std::filesystem;

fs::path folder(const Environment& environment) {
  return user_folder(environment, UserFolder::State) / "serve";
}

}  // namespace

fs::path token_file(const Environment& environment) {
  return folder(environment) / "token";
}

fs::path sessions_file(const Environment& environment, const Place& asked) {
  constexpr std::size_t digits = 16;
  if (const auto* local = std::get_if<UnixPlace>(&asked))
    return folder(environment) /
           fmt::format("sessions-{}.json", sha256_hex(local->path.string()).substr(0, digits));
  const int port = std::get<TcpPlace>(asked).port;
  return port == 0 ? fs::path() : folder(environment) / fmt::format("sessions-{}.json", port);
}

}  // namespace changeling::server
