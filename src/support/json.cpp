#include "support/json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/reading_limits.hpp"
#include "support/visible_text.hpp"

template class nlohmann::basic_json<>;

namespace changeling {
namespace {

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) throw Error(ErrorKind::Invalid, "expected a JSON object");
  const auto found = object.find(std::string(key));
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

[[noreturn]] void wrong_type(std::string_view key, const Json& value, std::string_view wanted) {
  throw Error(ErrorKind::Invalid, fmt::format("{}: expected {}, found {}", key, wanted, value.type_name()));
}

/// "parse error at line 2, column 1" of what the library says, whose rest is about its grammar.
std::string_view place_in(std::string_view message) {
  const std::size_t start = message.find("parse error");
  if (start == std::string_view::npos) return message;
  message.remove_prefix(start);
  return message.substr(0, message.find(": "));
}

/// How deep lists and objects lie inside one another; brackets in strings do not count. What is no JSON is
/// found out by whoever parses it.
std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool in_string = false;
  for (std::size_t place = 0; place < text.size(); ++place) {
    const char letter = text[place];
    if (in_string && letter == '\\') {
      ++place;
    } else if (letter == '"') {
      in_string = !in_string;
    } else if (!in_string && (letter == '[' || letter == '{')) {
      deepest = std::max(deepest, ++depth);
    } else if (!in_string && (letter == ']' || letter == '}') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

}  // namespace

Json parse_json(std::string_view text, std::string_view source) {
  if (depth_of(text) > most_json_depth)
    throw Error(ErrorKind::Invalid,
                fmt::format("{}: its lists and objects lie more than {} deep", source, most_json_depth));
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: not JSON: {}", source, place_in(error.what())));
  } catch (const Json::out_of_range&) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: a number in it is too large", source));
  }
}

std::string harmless_json(std::string_view text) {
  return shown_as_text(text, LineEnds::Kept, Escapes::OfJson);
}

std::string json_text(const Json& json, int indent) {
  return harmless_json(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

std::optional<std::string> json_string(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) wrong_type(key, *value, "a string");
  return value->get<std::string>();
}

std::optional<std::int64_t> json_integer(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number_integer()) wrong_type(key, *value, "a whole number");
  const bool fits = value->is_number_unsigned()
                        ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most_number)
                        : value->get<std::int64_t>() >= -most_number;
  if (!fits) throw Error(ErrorKind::Invalid, fmt::format("{}: {} is too large", key, value->dump()));
  return value->get<std::int64_t>();
}

std::optional<double> json_number(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) wrong_type(key, *value, "a number");
  return value->get<double>();
}

std::optional<bool> json_bool(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_boolean()) wrong_type(key, *value, "true or false");
  return value->get<bool>();
}

std::optional<Timestamp> json_timestamp(const Json& object, std::string_view key) {
  const auto text = json_string(object, key);
  if (!text) return std::nullopt;
  return parse_timestamp(*text);
}

std::vector<std::string> json_strings(const Json& object, std::string_view key) {
  const Json* value = member(object, key);
  if (value == nullptr) return {};
  if (!value->is_array()) wrong_type(key, *value, "a list");
  std::vector<std::string> strings;
  for (const Json& item : *value) {
    if (!item.is_string()) wrong_type(key, item, "a list of strings");
    strings.push_back(item.get<std::string>());
  }
  return strings;
}

Json json_or_null(const std::optional<Timestamp>& value) {
  return value ? Json(format_timestamp(*value)) : Json(nullptr);
}

}  // namespace changeling
