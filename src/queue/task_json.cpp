#include "queue/task_json.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"

namespace changeling::queue {
namespace {

/// Runs `read` and puts the key in front of what it complains about.
template <typename Read>
void at_key(std::string_view key, const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    const std::string message = error.what();
    if (message.starts_with(key)) throw;
    throw Error(error.kind(), fmt::format("{}: {}", key, message), error.hint());
  }
}

std::string text_at(const Json& object, std::string_view key) {
  return json_string(object, key).value_or("");
}

std::int64_t count_at(const Json& object, std::string_view key) {
  const std::int64_t count = json_integer(object, key).value_or(0);
  if (count < 0) throw Error(ErrorKind::Invalid, fmt::format("{}: {} is negative", key, count));
  return count;
}

Timestamp time_at(const Json& object, std::string_view key) {
  Timestamp time{};
  at_key(key, [&] { time = json_timestamp(object, key).value_or(Timestamp{}); });
  return time;
}

/// Calls `take` with each object of the list at `key`.
template <typename Take>
void each_object(const Json& object, std::string_view key, const Take& take) {
  const auto list = object.find(std::string(key));
  if (list == object.end() || list->is_null()) return;
  if (!list->is_array()) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: expected a list, found {}", key, list->type_name()));
  }
  for (const Json& item : *list) at_key(key, [&] { take(item); });
}

/// The object at `key`, or nothing when it is missing or null.
const Json* object_at(const Json& object, std::string_view key) {
  const auto found = object.find(std::string(key));
  if (found == object.end() || found->is_null()) return nullptr;
  if (!found->is_object()) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: expected an object, found {}", key, found->type_name()));
  }
  return &*found;
}

std::vector<std::string> sorted_set(std::vector<std::string> words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

Json to_json(const Artifact& artifact) {
  return {{"kind", to_string(artifact.kind)},
          {"path", artifact.path},
          {"description", artifact.description},
          {"created_at", format_timestamp(artifact.created_at)}};
}

Artifact artifact_from_json(const Json& object) {
  Artifact artifact;
  artifact.kind = parse_artifact_kind(json_string(object, "kind").value_or("file"));
  artifact.path = text_at(object, "path");
  artifact.description = text_at(object, "description");
  artifact.created_at = time_at(object, "created_at");
  return artifact;
}

Json to_json(const Attempt& attempt) {
  return {{"run", attempt.run},
          {"owner", attempt.owner},
          {"outcome", attempt.outcome},
          {"error", attempt.error},
          {"ended_at", format_timestamp(attempt.ended_at)}};
}

Attempt attempt_from_json(const Json& object) {
  return {text_at(object, "run"), text_at(object, "owner"), text_at(object, "outcome"),
          text_at(object, "error"), time_at(object, "ended_at")};
}

Json to_json(const Gate& gate) {
  Json object{{"gate", to_string(gate)}, {"opened_by", nullptr}, {"opened_at", nullptr}};
  if (!gate.opened_by.empty()) {
    object["opened_by"] = gate.opened_by;
    object["opened_at"] = format_timestamp(gate.opened_at);
  }
  return object;
}

/// As it is written here, or only its words, as people write them into a file to import.
Gate gate_from_json(const Json& object) {
  if (object.is_string()) return parse_gate(object.get<std::string>());
  if (!object.is_object())
    throw Error(ErrorKind::Invalid, fmt::format("expected an object, found {}", object.type_name()));
  Gate gate = parse_gate(text_at(object, "gate"));
  gate.opened_by = text_at(object, "opened_by");
  if (!gate.opened_by.empty()) gate.opened_at = time_at(object, "opened_at");
  return gate;
}

Lease lease_from_json(const Json& object) {
  return {text_at(object, "owner"), count_at(object, "token"), time_at(object, "expires_at")};
}

Task read_task(const Json& object) {
  Task task;
  task.id = text_at(object, "id");
  task.title = text_at(object, "title");
  if (trim(task.title).empty()) throw Error(ErrorKind::Invalid, "title: a task needs one");
  task.description = text_at(object, "description");
  for (const std::string& text : json_strings(object, "acceptance"))
    task.acceptance.push_back(parse_criterion(text));
  if (const auto status = json_string(object, "status")) task.status = parse_status(*status);
  if (const auto priority = json_string(object, "priority")) task.priority = parse_priority(*priority);
  if (const auto complexity = json_string(object, "complexity"))
    task.complexity = parse_complexity(*complexity);
  task.labels = sorted_set(json_strings(object, "labels"));
  task.role = text_at(object, "role");
  task.blocked_by = sorted_set(json_strings(object, "blocked_by"));
  task.blocked_reason = text_at(object, "blocked_reason");
  task.parent = text_at(object, "parent");
  task.discovered_from = text_at(object, "discovered_from");
  each_object(object, "gates", [&](const Json& item) { task.gates.push_back(gate_from_json(item)); });
  if (const Json* assignee = object_at(object, "assignee")) {
    at_key("assignee", [&] {
      task.assignee_agent = text_at(*assignee, "agent");
      task.assignee_run = text_at(*assignee, "run");
    });
  }
  each_object(object, "artifacts",
              [&](const Json& item) { task.artifacts.push_back(artifact_from_json(item)); });
  each_object(object, "attempts",
              [&](const Json& item) { task.attempts.push_back(attempt_from_json(item)); });
  task.forgiven_attempts = count_at(object, "forgiven_attempts");
  if (const Json* lease = object_at(object, "lease"))
    at_key("lease", [&] { task.lease = lease_from_json(*lease); });
  task.last_token = count_at(object, "last_token");
  task.source = text_at(object, "source");
  task.created_at = time_at(object, "created_at");
  task.created_by = text_at(object, "created_by");
  task.updated_at = time_at(object, "updated_at");
  task.updated_by = text_at(object, "updated_by");
  return task;
}

}  // namespace

nlohmann::json to_json(const Task& task) {
  Json acceptance = Json::array();
  for (const Criterion& criterion : task.acceptance) acceptance.push_back(to_string(criterion));
  Json artifacts = Json::array();
  for (const Artifact& artifact : task.artifacts) artifacts.push_back(to_json(artifact));
  Json attempts = Json::array();
  for (const Attempt& attempt : task.attempts) attempts.push_back(to_json(attempt));
  Json assignee = nullptr;
  if (!task.assignee_agent.empty() || !task.assignee_run.empty())
    assignee = {{"agent", task.assignee_agent}, {"run", task.assignee_run}};
  Json gates = Json::array();
  for (const Gate& gate : task.gates) gates.push_back(to_json(gate));
  Json object = {{"id", task.id},
                 {"title", task.title},
                 {"description", task.description},
                 {"acceptance", std::move(acceptance)},
                 {"status", to_string(task.status)},
                 {"priority", to_string(task.priority)},
                 {"complexity", task.complexity ? Json(to_string(*task.complexity)) : Json(nullptr)},
                 {"labels", task.labels},
                 {"role", task.role},
                 {"blocked_by", task.blocked_by},
                 {"blocked_reason", task.blocked_reason},
                 {"parent", task.parent},
                 {"discovered_from", task.discovered_from},
                 {"gates", std::move(gates)},
                 {"assignee", std::move(assignee)},
                 {"artifacts", std::move(artifacts)},
                 {"attempts", std::move(attempts)},
                 {"forgiven_attempts", task.forgiven_attempts},
                 {"last_token", task.last_token},
                 {"source", task.source},
                 {"created_at", format_timestamp(task.created_at)},
                 {"created_by", task.created_by},
                 {"updated_at", format_timestamp(task.updated_at)},
                 {"updated_by", task.updated_by}};
  if (task.lease) {
    object["lease"] = {{"owner", task.lease->owner},
                       {"token", task.lease->token},
                       {"expires_at", format_timestamp(task.lease->expires_at)}};
  }
  return object;
}

Task task_from_json(const nlohmann::json& object, std::string_view source) {
  try {
    return read_task(object);
  } catch (const Error& error) {
    throw Error(ErrorKind::Invalid, fmt::format("{}: {}", source, error.what()), error.hint());
  }
}

}  // namespace changeling::queue
