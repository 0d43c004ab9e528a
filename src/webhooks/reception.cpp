#include "webhooks/reception.hpp"

#include "changeling/toml_file.hpp"
#include "store/delivery_record.hpp"
#include "store/webhook_record.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {
namespace {

/// A webhook that may receive, and what it needs for that.
struct Receiver {
  const SourceRow* source = nullptr;
  store::WebhookRecord webhook;
  std::vector<std::string> secrets;
};

std::optional<Receiver> find_receiver(project::Project& project, const std::string& name) {
  if (changeling_name_problem(name) || !project.store().exists()) return std::nullopt;
  try {
    auto webhook = store::read_webhook(project.snapshot(), name);
    const SourceRow* source = webhook ? source_or_null(webhook->source) : nullptr;
    if (source == nullptr || !webhook->enabled) return std::nullopt;
    auto secrets = SecretStore(project).secrets(name);
    if (secrets.empty()) return std::nullopt;
    return Receiver{source, std::move(*webhook), std::move(secrets)};
  } catch (const Error& error) {
    // For who runs the service: a damaged record, or secrets that others can read.
    project.message("warning: the webhook " + name + " receives nothing: " + with_hint(error));
    return std::nullopt;
  }
}

/// The time of a signature, for nothing.
void verify_in_vain(const Headers& headers, std::string_view body, Timestamp now) {
  Headers with_signature = headers;
  with_signature["x-hub-signature-256"] = "sha256=" + std::string(64, '0');
  static_cast<void>(verify(find_source("github"), with_signature, body, {"no secret of anybody"}, now));
}

Reception said(int status, Json answer = Json::object()) {
  return {status, std::move(answer), false};
}

Json duplicate(const std::string& key) {
  return {{"delivery", key}, {"duplicate", true}};
}

/// What only wants to know whether somebody is there.
std::optional<Reception> answer_at_once(const Receiver& receiver, const std::string& event,
                                        const Json& payload) {
  if (receiver.source->word == "slack" && text_at(payload, "/type") == "url_verification")
    return said(200, {{"challenge", text_at(payload, "/challenge").value_or("")}});
  if (receiver.source->word == "github" && event == "ping") return said(200, {{"ping", true}});
  return std::nullopt;
}

bool is_taken(project::Project& project, const std::string& key) {
  try {
    return store::read_delivery(project.snapshot(), key).has_value();
  } catch (const Error&) {
    return false;
  }
}

Reception keep(project::Project& project, const Receiver& receiver, KeptDelivery delivery,
               std::string_view body, SameBody same) {
  using Kept = KeptDeliveries::Kept;
  delivery.webhook = receiver.webhook.name;
  delivery.source = receiver.webhook.source;
  delivery.key = store::delivery_key(delivery.webhook, delivery.source, delivery.delivery);
  delivery.received_at = project.clock().now();
  if (is_taken(project, delivery.key)) return said(200, duplicate(delivery.key));
  const KeptDeliveries kept = kept_deliveries(project);
  switch (kept.keep(delivery, body, same)) {
    case Kept::Known:
      return said(200, duplicate(kept.known_key(delivery, body, same)));
    case Kept::Full:
      return said(503);
    case Kept::New:
      break;
  }
  return {202, {{"delivery", delivery.key}}, true};
}

Reception take(project::Project& project, const Receiver& receiver, const Headers& headers,
               std::string_view body) {
  Json payload;
  try {
    payload = parse_json(body, "the body");
  } catch (const Error&) {
    return said(400);
  }
  if (!payload.is_object()) return said(400);
  const std::string event = event_of(*receiver.source, headers, payload);
  if (auto answer = answer_at_once(receiver, event, payload)) return *answer;
  KeptDelivery delivery;
  delivery.delivery = delivery_id(*receiver.source, headers, body, payload);
  delivery.event = event;
  delivery.headers = harmless_headers(headers);
  return keep(project, receiver, std::move(delivery), body, same_body(*receiver.source, headers));
}

}  // namespace

KeptDeliveries kept_deliveries(project::Project& project) {
  return KeptDeliveries(project.places().local_folder() / "deliveries");
}

Reception receive(project::Project& project, const std::string& name, const Headers& headers,
                  std::string_view body) {
  const Timestamp now = project.clock().now();
  const auto receiver = find_receiver(project, name);
  if (!receiver) {
    verify_in_vain(headers, body, now);
    return said(404);
  }
  if (verify(*receiver->source, headers, body, receiver->secrets, now) != Verdict::Right) return said(401);
  return take(project, *receiver, headers, body);
}

}  // namespace changeling::webhooks
