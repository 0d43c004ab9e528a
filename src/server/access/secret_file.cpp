#include "server/access/secret_file.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/files.hpp"
#include "support/text.hpp"

namespace changeling::server::access {
namespace {

constexpr std::size_t token_length = 43;

}  // namespace

std::string read_or_make_token(const std::filesystem::path& file) {
  if (const auto text = read_secret_file(file)) {
    const std::string token(trim(*text));
    if (token.size() >= token_length) return token;
    throw Error(ErrorKind::Refused,
                fmt::format("{} holds less than {} letters, so what is in it is no secret", file.string(),
                            token_length),
                fmt::format("remove it, and a new one is made: rm {}", file.string()));
  }
  const std::string token = random_id(token_length);
  write_file(file, token + "\n");
  read_secret_file(file);
  return token;
}

}  // namespace changeling::server::access
