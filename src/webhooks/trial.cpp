#include "webhooks/trial.hpp"

#include "project/branch_prefix.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "webhooks/judgement.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {
namespace {

struct Message {
  Headers headers;
  std::string_view body;
};

/// "Name: value", or nothing.
std::optional<std::pair<std::string, std::string>> header_in(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0) return std::nullopt;
  const std::string_view name = line.substr(0, colon);
  const bool is_token =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == name.npos;
  if (!is_token) return std::nullopt;
  return std::pair(to_lower(name), std::string(trim(line.substr(colon + 1))));
}

/// A body begins with what no header begins with: a brace, or a bracket.
Message read_message(std::string_view text) {
  Message message{{}, text};
  Headers headers;
  std::string_view rest = text;
  for (bool is_first = true;; is_first = false) {
    const auto end = rest.find('\n');
    if (end == rest.npos) return message;
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    if (line.empty() && !is_first) return {std::move(headers), rest};
    const auto header = header_in(line);
    const bool is_request_line = is_first && line.find(" HTTP/") != line.npos;
    if (!header && !is_request_line) return message;
    if (header) headers.insert(*header);
  }
}

std::string signature_of(project::Project& project, const SourceRow& source, const std::string& name,
                         const Message& message) {
  if (message.headers.empty()) return "not given";
  switch (verify(source, message.headers, message.body, SecretStore(project).secrets(name),
                 project.clock().now())) {
    case Verdict::Right:
      return "right";
    case Verdict::Stale:
      return "stale";
    case Verdict::Wrong:
      break;
  }
  return "wrong";
}

}  // namespace

Json to_json(const Trial& trial) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  return {{"event", or_null(trial.event)},
          {"signature", trial.signature},
          {"values", trial.values},
          {"ignored", or_null(trial.ignored)},
          {"refused", or_null(trial.refused)},
          {"changeling", or_null(trial.changeling)},
          {"title", or_null(trial.title)},
          {"description", or_null(trial.description)},
          {"occasion", or_null(trial.occasion)}};
}

Trial try_delivery(project::Project& project, const store::WebhookRecord& webhook, std::string_view text,
                   const std::string& event) {
  const SourceRow& source = find_source(webhook.source);
  const Message message = read_message(text);
  const Json payload = parse_json(message.body, "the body");
  if (!payload.is_object()) throw Error(ErrorKind::Invalid, "the body is no JSON object");
  Trial trial;
  trial.event = event_of(source, message.headers, payload);
  if (trial.event.empty()) trial.event = event;
  trial.signature = signature_of(project, source, webhook.name, message);
  trial.values =
      values_of(webhook, trial.event, delivery_id(source, message.headers, message.body, payload), payload);
  trial.ignored =
      webhook.enabled ? reason_to_ignore(webhook, trial.event, payload) : "the webhook is switched off";
  trial.refused = own_work(payload, project::branch_prefix(project.repository()));
  trial.changeling = webhook.changeling;
  if (webhook.changeling.empty()) {
    trial.title = title_from(webhook, trial.values, payload);
    trial.description = description_from(webhook, trial.values, payload);
  } else {
    trial.occasion = occasion_from(trial.values, payload);
  }
  return trial;
}

}  // namespace changeling::webhooks
