#include "webhooks/write_webhook.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "changeling/toml_file.hpp"
#include "project/registered_repositories.hpp"
#include "project/trust.hpp"
#include "project/webhook_trust.hpp"
#include "queue/task.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "support/word_list.hpp"
#include "webhooks/mapping.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {
namespace {

using store::WebhookRecord;

void check_pointer(const std::string& what, const std::string& text) {
  try {
    if (text.starts_with('/')) {
      static_cast<void>(Json::json_pointer(text));
      return;
    }
  } catch (const Json::exception&) {
  }
  throw Error(ErrorKind::Usage, fmt::format("{}: '{}' is no JSON pointer", what, shortened(text)),
              "write it like /issue/labels/0/name");
}

void check_names(const std::string& what, const std::string& pattern, const WebhookRecord& webhook) {
  std::vector<std::string> known = usual_names();
  if (!webhook.mapping.empty()) known.clear();
  for (const auto& [name, pointer] : webhook.mapping) known.push_back(name);
  for (const char* name : {"event", "webhook", "delivery"}) known.emplace_back(name);
  for (const std::string& name : names_in(pattern)) {
    if (name.starts_with('/')) {
      check_pointer(what, name);
    } else if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw not_allowed(ErrorKind::Usage, fmt::format("{}: the name in braces", what), name, known);
    }
  }
}

void check_mapping(const WebhookRecord& webhook) {
  for (const auto& [name, pointer] : webhook.mapping) {
    const bool is_word = !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") ==
                                              std::string::npos;
    if (!is_word)
      throw Error(ErrorKind::Usage, fmt::format("map: '{}' is no name", shortened(name)),
                  "use small letters, digits, '_' and '-'");
    check_pointer("map", pointer);
  }
  for (const auto& [pointer, value] : webhook.conditions) check_pointer("when", pointer);
}

void check_status(const std::string& status) {
  constexpr std::array allowed{"inbox", "planning", "ready"};
  if (status.empty() || std::find(allowed.begin(), allowed.end(), status) != allowed.end()) return;
  throw not_allowed(ErrorKind::Usage, "status", status, {allowed.begin(), allowed.end()});
}

void check_target(project::Project& project, const WebhookRecord& webhook) {
  if (webhook.changeling.empty() == webhook.task.empty()) {
    throw Error(ErrorKind::Usage, "what shall a delivery do?",
                "start a changeling (--for NAME), or add a task (--task 'Look at {title}')");
  }
  if (!webhook.changeling.empty()) {
    static_cast<void>(project::DefinitionSet::load(project).resolve(webhook.changeling));
    if (!webhook.description.empty() || !webhook.role.empty() || !webhook.status.empty())
      throw Error(ErrorKind::Usage, "description, role and status are for tasks",
                  "leave them out, or give --task");
  }
}

/// The others have no list of events that is like their deliveries.
void check_poll(const WebhookRecord& webhook) {
  if (!webhook.poll || webhook.source == "github") return;
  throw Error(ErrorKind::Usage, fmt::format("{} cannot be asked for its events", webhook.source),
              "let it send its deliveries: leave out --poll");
}

void store_webhook(project::Project& project, const WebhookRecord& webhook, bool known,
                   project::Expectation expectation) {
  project.store().update(
      {fmt::format("webhook add {}", webhook.name),
       known ? "webhook.update" : "webhook.add",
       {{"Webhook", webhook.name}}},
      [&](const store::Snapshot& snapshot, store::Change& change) {
        if (expectation == project::Expectation::Missing && store::read_webhook(snapshot, webhook.name))
          throw Error(ErrorKind::Conflict, fmt::format("the webhook '{}' was added meanwhile", webhook.name));
        store::write_webhook(change, webhook);
      });
}

std::optional<WebhookRecord> webhook_before(project::Project& project, const std::string& name,
                                            project::Expectation expectation) {
  auto before = store::read_webhook(project.snapshot(), name);
  if (before && expectation == project::Expectation::Missing) {
    throw Error(ErrorKind::Conflict, fmt::format("there is a webhook '{}' already", name),
                fmt::format("change it with: git changeling webhook add {} --update …", name));
  }
  if (!before && expectation == project::Expectation::Present) find_webhook(project, name);
  return before;
}

}  // namespace

void check_usable(project::Project& project, const WebhookRecord& webhook) {
  find_source(webhook.source);
  check_poll(webhook);
  check_target(project, webhook);
  check_mapping(webhook);
  check_status(webhook.status);
  check_names("task", webhook.task, webhook);
  check_names("description", webhook.description, webhook);
}

WrittenWebhook write_webhook(project::Project& project, const std::string& name,
                             project::Expectation expectation,
                             const std::function<WebhookRecord(WebhookRecord)>& edit,
                             project::Author author) {
  project.require_state();
  check_changeling_name(name);
  const auto before = webhook_before(project, name, expectation);
  WebhookRecord webhook = edit(before.value_or(WebhookRecord{}));
  webhook.name = name;
  check_usable(project, webhook);
  const auto approvals = project::open_approvals(project);
  approvals.check_folders();
  const ApprovalSubject subject = project::approval_subject(webhook);
  const bool approves =
      author == project::Author::User && (!before || approvals.holds(project::approval_subject(*before)));
  if (approves) project::require_place_for_approvals(project);
  store_webhook(project, webhook, before.has_value(), expectation);
  if (approves) project::approve(project, subject);
  // Whatever this user is asked for from outside is answered, also by a service for all their repositories.
  if (author == project::Author::User && webhook.enabled) project::register_repository(project);
  const bool trusted = is_trusted(project, webhook);
  if (!trusted && author == project::Author::User)
    project.message(
        fmt::format("the webhook is not trusted on this machine; look at it and approve it: "
                    "git changeling trust {}",
                    subject.label()));
  return {std::move(webhook), !before.has_value(), trusted};
}

WebhookRecord find_webhook(project::Project& project, const std::string& name) {
  if (!changeling_name_problem(name)) {
    if (auto webhook = store::read_webhook(project.snapshot(), name)) return std::move(*webhook);
  }
  std::vector<std::string> known;
  for (const auto& [other, webhook] : store::read_webhooks(project.snapshot())) known.push_back(other);
  const auto near = nearest(name, known);
  throw Error(ErrorKind::NotFound, fmt::format("there is no webhook '{}'", shortened(name)),
              near ? fmt::format("did you mean '{}'?", *near) : "see: git changeling webhook list");
}

bool is_trusted(project::Project& project, const WebhookRecord& webhook) {
  return project::open_approvals(project).holds(project::approval_subject(webhook));
}

void require_removable(project::Project& project, const std::string& name) {
  const bool is_there =
      !changeling_name_problem(name) && project.snapshot().read(store::webhook_path(name)).has_value();
  if (!is_there) static_cast<void>(find_webhook(project, name));
}

void remove_webhook(project::Project& project, const std::string& name) {
  project.store().update(
      {"webhook remove " + name, "webhook.remove", {{"Webhook", name}}},
      [&](const store::Snapshot&, store::Change& change) { change.remove(store::webhook_path(name)); });
  project::open_approvals(project).revoke(ApprovalSubject::Kind::Webhook, name);
  SecretStore(project).remove(name);
}

WebhookRecord edited(WebhookRecord webhook, const Json& object, std::string_view source) {
  if (!object.is_object()) throw Error(ErrorKind::Invalid, fmt::format("{}: is no JSON object", source));
  const Json before = store::to_json(webhook);
  std::vector<std::string> known;
  for (const auto& entry : before.items()) known.push_back(entry.key());
  for (const auto& entry : object.items()) {
    if (!before.contains(entry.key()))
      throw not_allowed(ErrorKind::Invalid, fmt::format("{}: the field", source), entry.key(), known);
  }
  Json merged = before;
  merged.update(object);
  if (object.contains("task") && !object.contains("changeling")) merged["changeling"] = nullptr;
  if (object.contains("changeling") && !object.contains("task")) merged["task"] = nullptr;
  if (merged["name"].is_string() && merged["name"].get<std::string>().empty()) merged["name"] = "new";
  return store::webhook_from_json(merged, source);
}

std::pair<std::string, std::string> parse_pair(std::string_view option, std::string_view text) {
  const auto equals = text.find('=');
  if (equals == text.npos || equals == 0) {
    throw Error(ErrorKind::Usage, fmt::format("{}: '{}' has no '='", option, shortened(text)),
                option == "--map" ? "write it like --map title=/issue/title"
                                  : "write it like --when /label/name=bug");
  }
  return {valid_utf8(text.substr(0, equals)), valid_utf8(text.substr(equals + 1))};
}

}  // namespace changeling::webhooks
