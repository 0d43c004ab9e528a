#include "server/api/call.hpp"

#include <fmt/format.h>

#include <charconv>

#include "server/api/api.hpp"
#include "server/api/own_routes.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"

namespace changeling::server::api {
namespace {

std::vector<std::string> names_of(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) names.emplace_back(field.name);
  return names;
}

const Field* find_field(const std::vector<Field>& fields, std::string_view name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

Refusal unknown_name(int status, std::string_view what, const std::string& name,
                     const std::vector<Field>& fields) {
  const auto names = names_of(fields);
  const auto near = nearest(name, names);
  std::string hint = "it takes " + (names.empty() ? "none" : join(names, ", "));
  if (near) hint = fmt::format("did you mean {}?", *near);
  return Refusal(status, ErrorKind::Usage, fmt::format("there is no {} {}", what, shortened(name)), hint);
}

/// A mistake in one parameter or field, with its name before it.
Refusal wrong(int status, std::string_view name, const std::string& message, std::string hint = "") {
  return Refusal(status, status == 400 ? ErrorKind::Usage : ErrorKind::Invalid,
                 fmt::format("{}: {}", name, message), std::move(hint));
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

void check_word(int status, const Field& field, const std::string& word) {
  if (field.words.empty() || std::find(field.words.begin(), field.words.end(), word) != field.words.end())
    return;
  const Error error = not_allowed(ErrorKind::Invalid, "", word, {field.words.begin(), field.words.end()});
  throw wrong(status, field.name, error.what(), error.hint());
}

void check_size(int status, const Field& field, std::int64_t size, std::string_view unit) {
  if (size < field.least) throw wrong(status, field.name, fmt::format("less than {}{}", field.least, unit));
  if (size > field.most)
    throw wrong(status, field.name, fmt::format("{}{} is more than {}", size, unit, field.most));
}

void check_parameter(const Field& field, const std::string& value) {
  switch (field.kind) {
    case FieldKind::Integer: {
      const auto number = whole_number(value);
      if (!number) throw wrong(400, field.name, fmt::format("'{}' is no whole number", shortened(value)));
      check_size(400, field, *number, "");
      break;
    }
    case FieldKind::Boolean:
      if (value != "true" && value != "false")
        throw wrong(400, field.name, fmt::format("'{}' is neither true nor false", shortened(value)));
      break;
    case FieldKind::TextList:
      for (const std::string& word : split(value, ',')) check_word(400, field, word);
      break;
    default:
      check_size(400, field, static_cast<std::int64_t>(value.size()), " bytes");
      check_word(400, field, value);
  }
}

/// "a list of texts"
std::string_view in_words(FieldKind kind) {
  switch (kind) {
    case FieldKind::Text:
      return "a text";
    case FieldKind::Integer:
      return "a whole number";
    case FieldKind::Number:
      return "a number";
    case FieldKind::Boolean:
      return "true or false";
    case FieldKind::TextList:
      return "a list of texts";
    case FieldKind::TextMap:
      return "an object of texts";
    case FieldKind::ObjectList:
      return "a list of objects";
  }
  return "";
}

bool is_kind(const Json& value, FieldKind kind) {
  const auto are_texts = [&] {
    return std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); });
  };
  switch (kind) {
    case FieldKind::Text:
      return value.is_string();
    case FieldKind::Integer:
      return value.is_number_integer();
    case FieldKind::Number:
      return value.is_number();
    case FieldKind::Boolean:
      return value.is_boolean();
    case FieldKind::TextList:
      return value.is_array() && are_texts();
    case FieldKind::TextMap:
      return value.is_object() && are_texts();
    case FieldKind::ObjectList:
      return value.is_array() &&
             std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_object(); });
  }
  return false;
}

bool is_list(FieldKind kind) {
  return kind == FieldKind::TextList || kind == FieldKind::ObjectList;
}

std::int64_t size_of(const Json& value, FieldKind kind) {
  if (kind == FieldKind::Text) return static_cast<std::int64_t>(value.get_ref<const std::string&>().size());
  if (is_list(kind)) return static_cast<std::int64_t>(value.size());
  // One beyond what fits would come out negative.
  if (kind == FieldKind::Integer && value.is_number_unsigned() && value.get<std::uint64_t>() >> 63U != 0)
    return std::numeric_limits<std::int64_t>::max();
  return kind == FieldKind::Integer ? value.get<std::int64_t>() : 0;
}

void check_value(const Field& field, const Json& value) {
  if (value.is_null() && field.may_be_null) return;
  if (!is_kind(value, field.kind))
    throw wrong(422, field.name,
                fmt::format("expected {}, found {}", in_words(field.kind), value.type_name()));
  if (field.kind == FieldKind::Text || is_list(field.kind) || field.kind == FieldKind::Integer)
    check_size(422, field, size_of(value, field.kind),
               field.kind == FieldKind::Text ? " bytes"
               : is_list(field.kind)         ? " items"
                                             : "");
  if (field.kind == FieldKind::Text) check_word(422, field, value.get<std::string>());
}

Json read_body(const Request& request, const Route& route) {
  if (request.body.size() > longest_body)
    throw Refusal(413, ErrorKind::Usage, fmt::format("the body has more than {} bytes", longest_body));
  if (!route.takes_body || (request.body.empty() && !route.needs_body)) {
    if (request.body.empty()) return Json::object();
    throw Refusal(400, ErrorKind::Usage, fmt::format("{} takes no body", route.operation));
  }
  Json body;
  try {
    body = parse_json(request.body, "the body");
  } catch (const Error& error) {
    throw Refusal(400, ErrorKind::Usage, error.what(), "send one JSON object");
  }
  if (!body.is_object())
    throw Refusal(400, ErrorKind::Usage, fmt::format("the body is {}, and no object", body.type_name()),
                  "send one JSON object");
  for (const auto& [name, value] : body.items()) {
    const Field* field = find_field(route.body, name);
    if (field == nullptr) throw unknown_name(422, "field", name, route.body);
    check_value(*field, value);
  }
  for (const Field& field : route.body) {
    if (field.required && !body.contains(std::string(field.name)))
      throw wrong(422, field.name, "is missing", fmt::format("give {}", in_words(field.kind)));
  }
  return body;
}

}  // namespace

Refusal::Refusal(int status, ErrorKind kind, const std::string& message, std::string hint)
    : Error(kind, message, std::move(hint)), status_(status) {}

std::string Call::text(const std::string& name) const {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : valid_utf8(found->second);
}

std::vector<std::string> Call::words(const std::string& name) const {
  std::vector<std::string> words = split(text(name), ',');
  std::erase(words, "");
  return words;
}

bool Call::flag(const std::string& name) const {
  return text(name) == "true";
}

std::int64_t Call::number(const std::string& name) const {
  return whole_number(text(name)).value_or(find_field(route.query, name)->fallback);
}

Call read_call(const Request& request, project::Project& project, const Found& found) {
  for (const auto& [name, value] : request.query) {
    const Field* field = find_field(found.route->query, name);
    if (field == nullptr) throw unknown_name(400, "parameter", name, found.route->query);
    check_parameter(*field, value);
  }
  return {request, project, *found.route, found.parameters, read_body(request, *found.route)};
}

Json own_body(const Request& request, std::string_view operation) {
  for (const Route& route : own_routes()) {
    if (route.operation == operation) return read_body(request, route);
  }
  throw Error(ErrorKind::Internal, fmt::format("{} is not described", operation));
}

}  // namespace changeling::server::api
