#include "store/delivery_record.hpp"

#include <fmt/format.h>

#include "store/record_kinds.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/sha256.hpp"

namespace changeling::store {
namespace {

constexpr std::string_view folder = "deliveries";
constexpr std::string_view suffix = ".json";
constexpr std::size_t key_length = 32;

Json text_or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

DeliveryRecord read(const Json& object) {
  const auto text = [&](std::string_view key) { return json_string(object, key).value_or(""); };
  DeliveryRecord delivery;
  delivery.key = text("key");
  delivery.webhook = text("webhook");
  delivery.source = text("source");
  delivery.delivery = text("delivery");
  delivery.event = text("event");
  delivery.machine = text("machine");
  delivery.claimant = text("claimant");
  const auto claimed_at = json_timestamp(object, "claimed_at");
  if (!claimed_at || delivery.webhook.empty())
    throw Error(ErrorKind::Invalid, "webhook and claimed_at must be there");
  delivery.claimed_at = *claimed_at;
  delivery.outcome = text("outcome");
  delivery.detail = text("detail");
  delivery.run = text("run");
  delivery.task = text("task");
  return delivery;
}

std::optional<DeliveryRecord> load(const Snapshot& snapshot, const std::string& path,
                                   const std::string& key) {
  const auto text = read_record(snapshot, path);
  if (!text) return std::nullopt;
  DeliveryRecord delivery = delivery_from_json(parse_json(*text, path), path);
  if (delivery.key != key)
    throw Error(ErrorKind::Invalid, fmt::format("{}: is another delivery than its name says", path));
  return delivery;
}

}  // namespace

nlohmann::json to_json(const DeliveryRecord& delivery) {
  return {{"key", delivery.key},
          {"webhook", delivery.webhook},
          {"source", delivery.source},
          {"delivery", delivery.delivery},
          {"event", text_or_null(delivery.event)},
          {"machine", text_or_null(delivery.machine)},
          {"claimant", text_or_null(delivery.claimant)},
          {"claimed_at", format_timestamp(delivery.claimed_at)},
          {"outcome", text_or_null(delivery.outcome)},
          {"detail", text_or_null(delivery.detail)},
          {"run", text_or_null(delivery.run)},
          {"task", text_or_null(delivery.task)}};
}

DeliveryRecord delivery_from_json(const nlohmann::json& object, std::string_view source) {
  try {
    if (!object.is_object()) throw Error(ErrorKind::Invalid, "is no JSON object");
    return read(object);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", source, error.what()), error.hint());
  }
}

std::string delivery_key(std::string_view webhook, std::string_view source, std::string_view delivery) {
  // The lengths keep the end of one part from passing for the beginning of the next.
  return sha256_hex(fmt::format("{}:{} {}:{} {}:{}", webhook.size(), webhook, source.size(), source,
                                delivery.size(), delivery))
      .substr(0, key_length);
}

std::string delivery_path(std::string_view key) {
  return fmt::format("{}/{}/{}/{}{}", folder, key.substr(0, 2), key.substr(2, 2), key, suffix);
}

std::optional<std::string> delivery_key_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || !path.ends_with(suffix)) return std::nullopt;
  if (path.size() != slash + 1 + key_length + suffix.size()) return std::nullopt;
  std::string key(path.substr(slash + 1, key_length));
  const bool is_hex = key.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!is_hex || delivery_path(key) != path) return std::nullopt;
  return key;
}

std::optional<DeliveryRecord> read_delivery(const Snapshot& snapshot, const std::string& key) {
  const std::string path = delivery_path(key);
  std::optional<DeliveryRecord> delivery;
  read_or_explain(snapshot, path, [&] { delivery = load(snapshot, path, key); });
  return delivery;
}

std::vector<DeliveryRecord> read_deliveries(const Snapshot& snapshot, DamagedRecords* damaged) {
  std::vector<DeliveryRecord> deliveries;
  read_each(snapshot, delivery_kind, damaged, [&](const std::string& path, const std::string& key) {
    deliveries.push_back(load(snapshot, path, key).value());
  });
  return deliveries;
}

void write_delivery(Change& change, const DeliveryRecord& delivery) {
  change.write(delivery_path(delivery.key),
               to_json(delivery).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace changeling::store
