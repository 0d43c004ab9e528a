#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/damaged.hpp"
#include "store/store.hpp"

namespace changeling::store {

/// Which deliveries from outside start what. Lies at webhooks/NAME.json on the state ref. Its secrets do not:
/// every machine that receives has its own copy of them.
struct WebhookRecord {
  std::string name;
  std::string source;  ///< A word of webhooks/sources.hpp; this floor takes any.

  // One of the two is set.
  std::string changeling;  ///< It is started.
  std::string task;        ///< A task is added; this is the template of its title.

  std::string description;  ///< Template, of the task.
  std::string role;         ///< Of the task; may be empty.
  std::string status;       ///< That the task begins with: "inbox" (or empty), "planning" or "ready".

  /// "issues.opened", or "issues" for all actions; empty: every event.
  std::vector<std::string> events;
  /// JSON pointers into the payload, and what must stand there, as text.
  std::map<std::string, std::string> conditions;
  /// What templates call NAME, and the agent is told as NAME: a JSON pointer each.
  std::map<std::string, std::string> mapping;
  /// Ids of people on the source's server who may cause it without being asked for there.
  std::vector<std::string> actors;
  bool poll = false;  ///< The forge is asked for its events; nothing need reach this machine.
  bool enabled = true;
};

nlohmann::json to_json(const WebhookRecord& webhook);
/// Throws Error(Invalid) naming `source` and what is wrong.
WebhookRecord webhook_from_json(const nlohmann::json& object, std::string_view source);

std::string webhook_path(std::string_view name);
/// The webhook that lies at this path, or nothing when it cannot be one.
std::optional<std::string> webhook_of(std::string_view path);
/// Nothing when there is none. Throws Error(Invalid) when it is damaged.
std::optional<WebhookRecord> read_webhook(const Snapshot& snapshot, const std::string& name);
/// By name. Those that cannot be read are noted in `damaged`, if it is given.
std::map<std::string, WebhookRecord> read_webhooks(const Snapshot& snapshot,
                                                   DamagedRecords* damaged = nullptr);
void write_webhook(Change& change, const WebhookRecord& webhook);

}  // namespace changeling::store
