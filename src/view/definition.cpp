#include "view/definition.hpp"

#include "changeling/fields.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::view {
namespace {

Json value_to_json(const FieldValue& value) {
  return std::visit([](const auto& content) { return Json(content); }, value);
}

}  // namespace

Json to_json(const Definition& definition) {
  Json object{{"name", definition.name}};
  for (const FieldSpec& field : definition_fields()) {
    object[std::string(field.key)] = value_to_json(field.read(definition));
  }
  return object;
}

std::string field_text(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_array()) return join(value.get<std::vector<std::string>>(), ", ");
  if (value.is_object()) {
    std::vector<std::string> parts;
    for (const auto& [key, item] : value.items()) parts.push_back(key + "=" + item.get<std::string>());
    return join(parts, ", ");
  }
  return value.dump();
}

}  // namespace changeling::view
