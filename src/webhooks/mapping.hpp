#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "store/webhook_record.hpp"

namespace changeling::webhooks {

/// What a delivery says, by the names that templates use. All of it is text of others.
using Values = std::map<std::string, std::string>;

/// The values of the webhook's mapping, or of the usual places where it has none (usual_names()), and
/// `event`, `webhook` and `delivery`. Long ones are cut. What is not there has no value.
Values values_of(const store::WebhookRecord& webhook, std::string_view event, std::string_view delivery,
                 const nlohmann::json& payload);

/// What values_of finds where nothing was mapped: "title", "text", "url", "number", "actor".
std::vector<std::string> usual_names();

/// `{name}` becomes the value and `{/json/pointer}` what stands there; what is not there becomes nothing.
/// What was filled in is not looked at again.
std::string filled(std::string_view pattern, const Values& values, const nlohmann::json& payload);
/// The names and pointers in a template, in order.
std::vector<std::string> names_in(std::string_view pattern);

/// The title of a task: one line without controls, of at most 200 letters.
std::string title_from(const store::WebhookRecord& webhook, const Values& values,
                       const nlohmann::json& payload);
/// The text of a task: what its template says, or the values one below the other.
std::string description_from(const store::WebhookRecord& webhook, const Values& values,
                             const nlohmann::json& payload);
/// What the agent of a changeling is told, as data: the values, and the payload where nothing was found in
/// it.
std::string occasion_from(const Values& values, const nlohmann::json& payload);

}  // namespace changeling::webhooks
