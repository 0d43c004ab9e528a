#include "server/api/route.hpp"

#include <fmt/format.h>

#include <set>

#include "server/api/api.hpp"
#include "server/api/call.hpp"
#include "support/text.hpp"

namespace changeling::server::api {
namespace {

bool is_parameter(std::string_view part) {
  return part.starts_with('{');
}

/// What stands in the place of each parameter; nothing when the path is another one.
std::optional<std::map<std::string, std::string>> matched(std::string_view pattern,
                                                          const std::vector<std::string>& parts) {
  const auto wanted = split(pattern, '/');
  if (wanted.size() != parts.size()) return std::nullopt;
  std::map<std::string, std::string> parameters;
  for (std::size_t index = 0; index < parts.size(); ++index) {
    if (is_parameter(wanted[index]) && !parts[index].empty())
      parameters[wanted[index].substr(1, wanted[index].size() - 2)] = valid_utf8(parts[index]);
    else if (wanted[index] != parts[index])
      return std::nullopt;
  }
  return parameters;
}

Refusal no_such_path(const std::string& path) {
  return Refusal(404, ErrorKind::NotFound, fmt::format("there is no {}", shortened(path)),
                 fmt::format("{}/openapi.json describes what there is", base_path));
}

Refusal no_such_method(const Request& request, const std::set<std::string>& allowed) {
  const std::string list = join({allowed.begin(), allowed.end()}, ", ");
  Refusal refusal(405, ErrorKind::Usage,
                  fmt::format("{} does not take {}", request.path, shortened(request.method)),
                  "it takes " + list);
  refusal.headers["allow"] = list;
  return refusal;
}

}  // namespace

Found find_route(const Request& request) {
  const std::string base(base_path);
  if (!request.path.starts_with(base + "/")) throw no_such_path(request.path);
  const auto parts = split(std::string_view(request.path).substr(base.size()), '/');
  std::set<std::string> allowed;
  for (const Route& route : routes()) {
    auto parameters = matched(route.path, parts);
    if (!parameters) continue;
    if (route.method == request.method) return {&route, std::move(*parameters)};
    allowed.emplace(route.method);
  }
  throw allowed.empty() ? no_such_path(request.path) : no_such_method(request, allowed);
}

}  // namespace changeling::server::api
