#include "run/run_order.hpp"

#include <fmt/format.h>

#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::run {
namespace {

FieldValue value_from_json(const FieldSpec& field, const Json& value) {
  switch (field.kind) {
    case FieldKind::Boolean:
      return value.get<bool>();
    case FieldKind::Integer:
      return value.get<std::int64_t>();
    case FieldKind::Money:
      return value.get<double>();
    case FieldKind::TextList:
      return value.get<std::vector<std::string>>();
    case FieldKind::TextMap:
      return value.get<std::map<std::string, std::string>>();
    case FieldKind::Text:
    case FieldKind::TimeSpan:
    case FieldKind::Choice:
      break;
  }
  return value.get<std::string>();
}

Layer layer_from_json(const Json& object) {
  Layer layer;
  layer.origin = object.at("origin").get<std::string>();
  for (const auto& [key, value] : object.at("values").items()) {
    const FieldSpec* field = find_field(key);
    if (field == nullptr) throw Error(ErrorKind::Invalid, fmt::format("there is no field '{}'", key));
    layer.values[key] = value_from_json(*field, value);
  }
  return layer;
}

}  // namespace

Json to_json(const RunOrder& order) {
  Json values = Json::object();
  for (const auto& [key, value] : order.overrides.values)
    values[key] = std::visit([](const auto& content) { return Json(content); }, value);
  return {{"changeling", order.changeling},
          {"trigger", order.trigger},
          {"retry_of", order.retry_of},
          {"scheduled_for", json_or_null(order.scheduled_for)},
          {"run_id", order.run_id},
          {"marks", order.marks},
          {"overrides", {{"origin", order.overrides.origin}, {"values", values}}}};
}

RunOrder run_order_from_json(const Json& object) {
  try {
    RunOrder order;
    order.changeling = object.at("changeling").get<std::string>();
    order.trigger = object.at("trigger").get<std::string>();
    order.retry_of = object.at("retry_of").get<std::string>();
    order.scheduled_for = json_timestamp(object, "scheduled_for");
    order.run_id = object.at("run_id").get<std::string>();
    order.marks = object.at("marks").get<std::map<std::string, std::string>>();
    order.overrides = layer_from_json(object.at("overrides"));
    return order;
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::Invalid, fmt::format("this is no order for a run: {}", error.what()));
  }
}

}  // namespace changeling::run
