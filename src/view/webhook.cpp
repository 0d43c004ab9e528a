#include "view/webhook.hpp"

#include <algorithm>
#include <set>

#include "support/error.hpp"
#include "support/json.hpp"
#include "webhooks/reception.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/write_webhook.hpp"

namespace changeling::view {
namespace {

Json number_of_secrets(project::Project& project, const std::string& webhook) {
  try {
    return webhooks::SecretStore(project).secrets(webhook).size();
  } catch (const Error&) {
    return 0;
  }
}

/// A delivery that another machine has, in the fields of one that was received here.
Json elsewhere(const store::DeliveryRecord& record) {
  Json json = store::to_json(record);
  json["received_here"] = json["polled"] = false;
  json["received_at"] = json["claimed_at"];
  for (const char* field : {"claimant", "claimed_at"}) json.erase(field);
  for (const char* field : {"replay_of", "problem", "finished_at"}) json[field] = nullptr;
  json["headers"] = Json::object();
  json["answer"] = nullptr;
  return json;
}

Json here(const webhooks::KeptDelivery& delivery) {
  constexpr int accepted = 202;
  Json json = webhooks::to_json(delivery);
  json["received_here"] = true;
  json["machine"] = nullptr;
  json["answer"] = delivery.replay_of.empty() && !delivery.polled ? Json(accepted) : Json(nullptr);
  return json;
}

bool is_newer(const Json& one, const Json& other) {
  return one.at("received_at").get<std::string>() > other.at("received_at").get<std::string>();
}

}  // namespace

Json to_json(project::Project& project, const store::WebhookRecord& webhook) {
  Json json = store::to_json(webhook);
  json["trusted"] = webhooks::is_trusted(project, webhook);
  json["secrets"] = number_of_secrets(project, webhook.name);
  json["path"] = "/hooks/" + webhook.name;
  return json;
}

Json deliveries_json(project::Project& project, const std::string& webhook, std::size_t limit) {
  std::vector<Json> found;
  std::set<std::string> keys;
  for (const webhooks::KeptDelivery& delivery : webhooks::kept_deliveries(project).all()) {
    if (!webhook.empty() && delivery.webhook != webhook) continue;
    keys.insert(delivery.key);
    found.push_back(here(delivery));
  }
  for (const store::DeliveryRecord& record : store::read_deliveries(project.snapshot())) {
    if ((!webhook.empty() && record.webhook != webhook) || keys.contains(record.key)) continue;
    found.push_back(elsewhere(record));
  }
  std::stable_sort(found.begin(), found.end(), is_newer);
  if (found.size() > limit) found.resize(limit);
  return Json(std::move(found));
}

}  // namespace changeling::view
