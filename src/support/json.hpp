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

/// The JSON in one line, or indented by `indent`; what is no UTF-8 in it is replaced. It means the same to
/// whoever parses it, but shows on a terminal nothing that commands it or that nobody sees: that is "\u001b".
std::string json_text(const Json& json, int indent = -1);
/// As above, of a text that is JSON already.
std::string harmless_json(std::string_view text);

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
