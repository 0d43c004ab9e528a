#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "server/message.hpp"

namespace changeling::server::api {

struct Call;
struct Reply;

enum class FieldKind { Text, Integer, Number, Boolean, TextList, TextMap, ObjectList };

/// A parameter of the query, or a field of a body, as the description says it.
struct Field {
  std::string_view name;
  FieldKind kind = FieldKind::Text;
  bool may_be_null = false;
  bool required = false;
  std::int64_t least = 0;  ///< Bytes of a text, items of a list, or the number itself.
  std::int64_t most = 0;
  std::int64_t fallback = 0;                 ///< Of a whole number that is left out.
  std::vector<std::string_view> words = {};  ///< The only ones that are allowed; none: all.
};

/// One operation of docs/openapi.json.
struct Route {
  std::string_view operation;  ///< "listTasks".
  std::string_view method;
  std::string_view path;  ///< "/tasks/{task}", below the base of the API.
  std::vector<Field> query;
  std::vector<Field> body;
  bool takes_body = false;
  bool needs_body = false;
  bool takes_match = false;  ///< If-Match means something.
  bool owner_only = false;   ///< Also to look at.
  Reply (*handle)(Call& call) = nullptr;
};

/// All of them, made from the description at build time.
std::span<const Route> routes();

/// The route of a request, and what stands in its path in the place of each parameter.
struct Found {
  const Route* route = nullptr;
  std::map<std::string, std::string> parameters;
};
/// Throws Refusal: 404 for a path that is not there, 405 with `allow` for a method that it does not have.
Found find_route(const Request& request);

}  // namespace changeling::server::api
