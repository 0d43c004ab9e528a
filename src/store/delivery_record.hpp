#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/damaged.hpp"
#include "store/store.hpp"
#include "support/clock.hpp"

namespace changeling::store {

/// That a machine has taken a delivery of a webhook, so that no other does the same again, and what came of
/// it. Lies at deliveries/ab/cd/KEY.json on the state ref; whoever wrote it first has the delivery.
struct DeliveryRecord {
  std::string key;       ///< See delivery_key().
  std::string webhook;   ///< Name of the webhook.
  std::string source;    ///< As the webhook says.
  std::string delivery;  ///< The source's own id of it.
  std::string event;     ///< "issues.opened"; may be empty.
  std::string machine;   ///< Name of the machine that has it, for people.
  std::string claimant;  ///< A random word of the clone that has it.
  Timestamp claimed_at{};
  std::string outcome;  ///< A word of webhooks/outcomes.hpp; empty while it is at work.
  std::string detail;   ///< A sentence; may be empty.
  std::string run;      ///< Id of the run that it started, or empty.
  std::string task;     ///< Id of the task that it added, or empty.
};

nlohmann::json to_json(const DeliveryRecord& delivery);
/// Throws Error(Invalid) naming `source` and what is wrong.
DeliveryRecord delivery_from_json(const nlohmann::json& object, std::string_view source);

/// 32 hexadecimal digits: the same on every machine for the same delivery to the same webhook.
std::string delivery_key(std::string_view webhook, std::string_view source, std::string_view delivery);

std::string delivery_path(std::string_view key);
/// The key of the delivery that lies at this path, or nothing when it cannot be one.
std::optional<std::string> delivery_key_of(std::string_view path);
/// Nothing when nobody has taken it. Throws Error(Invalid) when it is damaged.
std::optional<DeliveryRecord> read_delivery(const Snapshot& snapshot, const std::string& key);
/// In no order. Those that cannot be read are noted in `damaged`, if it is given.
std::vector<DeliveryRecord> read_deliveries(const Snapshot& snapshot, DamagedRecords* damaged = nullptr);
void write_delivery(Change& change, const DeliveryRecord& delivery);

/// For so long at least a delivery is known again.
inline constexpr Duration delivery_memory = std::chrono::hours(24 * 30);

}  // namespace changeling::store
