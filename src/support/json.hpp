#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "support/clock.hpp"

// Its members are compiled once, in json.cpp: instantiating them costs each file a second otherwise.
extern template class nlohmann::basic_json<>;

namespace changeling {

using Json = nlohmann::json;

/// Parses text that came from a file, a record or a server. Throws Error(Invalid): "<source>: not JSON: …".
Json parse_json(std::string_view text, std::string_view source);

/// Typed access that names the record and the key on a wrong type. Missing and null are nothing.
std::optional<std::string> json_string(const Json& object, std::string_view key);
std::optional<std::int64_t> json_integer(const Json& object, std::string_view key);
std::optional<double> json_number(const Json& object, std::string_view key);
std::optional<bool> json_bool(const Json& object, std::string_view key);
std::optional<Timestamp> json_timestamp(const Json& object, std::string_view key);
std::vector<std::string> json_strings(const Json& object, std::string_view key);

/// null or the value, for records whose fields are always present.
template <typename Value>
Json json_or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}
Json json_or_null(const std::optional<Timestamp>& value);

}  // namespace changeling
