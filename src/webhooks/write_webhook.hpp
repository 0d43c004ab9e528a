#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "project/write_definition.hpp"
#include "store/webhook_record.hpp"

namespace changeling::webhooks {

struct WrittenWebhook {
  store::WebhookRecord webhook;
  bool is_new = false;
  bool trusted = false;
};

/// Changes the webhook on the state ref in one operation: `edit` gets what there is, or an empty one, and
/// returns what shall be. What could never work is refused with Error(Usage): an unknown source, changeling,
/// name in a template, or a text that is no JSON pointer. What a user writes is approved by that, if it is
/// new or was trusted; what another author writes is not.
WrittenWebhook write_webhook(project::Project& project, const std::string& name,
                             project::Expectation expectation,
                             const std::function<store::WebhookRecord(store::WebhookRecord)>& edit,
                             project::Author author = project::Author::User);

/// What is asked of every webhook that is written. Throws Error(Usage), and Error(NotFound) for a changeling
/// that is not there.
void check_usable(project::Project& project, const store::WebhookRecord& webhook);

/// Throws Error(NotFound) with the nearest name as the hint.
store::WebhookRecord find_webhook(project::Project& project, const std::string& name);
bool is_trusted(project::Project& project, const store::WebhookRecord& webhook);
/// Throws Error(NotFound) as find_webhook(). A damaged one may go.
void require_removable(project::Project& project, const std::string& name);
/// Takes the webhook from the state, in one operation, its approval, and this machine's secrets for it.
void remove_webhook(project::Project& project, const std::string& name);

/// What the object says, in the place of what was; its keys are those of a record. Throws Error(Invalid)
/// naming `source` for an unknown key, with the nearest.
store::WebhookRecord edited(store::WebhookRecord webhook, const nlohmann::json& object,
                            std::string_view source);

/// "NAME=/json/pointer" or "/json/pointer=VALUE", at the first "=". Throws Error(Usage) naming the option.
std::pair<std::string, std::string> parse_pair(std::string_view option, std::string_view text);

}  // namespace changeling::webhooks
