#include "server/api/moments.hpp"

#include "support/moment.hpp"

namespace changeling::server::api {

std::optional<Timestamp> moment_at(const Call& call, const std::string& name) {
  const std::string word = call.text(name);
  if (word.empty()) return std::nullopt;
  return parse_moment(name, word, call.project.clock().now());
}

}  // namespace changeling::server::api
