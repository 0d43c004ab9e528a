#include "store/webhook_record.hpp"

#include <fmt/format.h>

#include "changeling/toml_file.hpp"
#include "store/record_kinds.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view folder = "webhooks";
constexpr std::string_view suffix = ".json";

std::map<std::string, std::string> texts_in(const Json& object, const char* key) {
  std::map<std::string, std::string> texts;
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return texts;
  if (!found->is_object()) throw Error(ErrorKind::Invalid, fmt::format("{} is no object", key));
  for (const auto& entry : found->items()) texts[entry.key()] = json_string(*found, entry.key()).value_or("");
  return texts;
}

WebhookRecord read(const Json& object) {
  const auto text = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  WebhookRecord webhook;
  webhook.name = text("name");
  webhook.source = text("source");
  webhook.changeling = text("changeling");
  webhook.task = text("task");
  webhook.description = text("description");
  webhook.role = text("role");
  webhook.status = text("status");
  webhook.events = json_strings(object, "events");
  webhook.conditions = texts_in(object, "conditions");
  webhook.mapping = texts_in(object, "mapping");
  webhook.actors = json_strings(object, "actors");
  webhook.poll = json_bool(object, "poll").value_or(false);
  webhook.enabled = json_bool(object, "enabled").value_or(true);
  if (webhook.name.empty() || webhook.source.empty())
    throw Error(ErrorKind::Invalid, "name and source must be there");
  if (webhook.changeling.empty() == webhook.task.empty())
    throw Error(ErrorKind::Invalid, "exactly one of changeling and task must be there");
  return webhook;
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::optional<WebhookRecord> load(const Snapshot& snapshot, const std::string& path,
                                  const std::string& name) {
  const auto text = read_record(snapshot, path);
  if (!text) return std::nullopt;
  WebhookRecord webhook = webhook_from_json(parse_json(*text, path), path);
  if (webhook.name != name)
    throw Error(ErrorKind::Invalid, fmt::format("{}: is another webhook than its name says", path));
  return webhook;
}

}  // namespace

nlohmann::json to_json(const WebhookRecord& webhook) {
  return {{"name", webhook.name},
          {"source", webhook.source},
          {"changeling", text_or_null(webhook.changeling)},
          {"task", text_or_null(webhook.task)},
          {"description", text_or_null(webhook.description)},
          {"role", text_or_null(webhook.role)},
          {"status", text_or_null(webhook.status)},
          {"events", webhook.events},
          {"conditions", webhook.conditions},
          {"mapping", webhook.mapping},
          {"actors", webhook.actors},
          {"poll", webhook.poll},
          {"enabled", webhook.enabled}};
}

WebhookRecord webhook_from_json(const nlohmann::json& object, std::string_view source) {
  try {
    if (!object.is_object()) throw Error(ErrorKind::Invalid, "is no JSON object");
    return read(object);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", source, error.what()), error.hint());
  }
}

std::string webhook_path(std::string_view name) {
  return fmt::format("{}/{}{}", folder, name, suffix);
}

std::optional<std::string> webhook_of(std::string_view path) {
  const std::string start = fmt::format("{}/", folder);
  if (!path.starts_with(start) || !path.ends_with(suffix)) return std::nullopt;
  if (path.size() <= start.size() + suffix.size()) return std::nullopt;
  std::string name(path.substr(start.size(), path.size() - start.size() - suffix.size()));
  if (changeling_name_problem(name)) return std::nullopt;
  return name;
}

std::optional<WebhookRecord> read_webhook(const Snapshot& snapshot, const std::string& name) {
  const std::string path = webhook_path(name);
  std::optional<WebhookRecord> webhook;
  read_or_explain(snapshot, path, [&] { webhook = load(snapshot, path, name); });
  return webhook;
}

std::map<std::string, WebhookRecord> read_webhooks(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::map<std::string, WebhookRecord> webhooks;
  read_each(snapshot, webhook_kind, damaged, [&](const std::string& path, const std::string& name) {
    webhooks.emplace(name, load(snapshot, path, name).value());
  });
  return webhooks;
}

void write_webhook(Change& change, const WebhookRecord& webhook) {
  change.write(webhook_path(webhook.name),
               to_json(webhook).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace changeling::store
