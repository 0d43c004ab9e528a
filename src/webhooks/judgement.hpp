#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "changeling/branch_prefix.hpp"
#include "store/webhook_record.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {

// What can be said of a delivery from itself alone.

/// Why the webhook does not want it: another event, or a condition that does not hold. Empty when it does.
std::string reason_to_ignore(const store::WebhookRecord& webhook, std::string_view event,
                             const nlohmann::json& payload);

/// Why it is about work of git-changeling itself: a marker of ours in a text, or a branch of a run. What our
/// own requests cause must not start more of them. Empty when it is about somebody else's.
std::string own_work(const nlohmann::json& payload, const BranchPrefix& branches);

/// Who caused it, as the source says.
struct Actor {
  std::string id;     ///< A number mostly. Nobody else gets it, as they may get the name.
  std::string login;  ///< For asking, and for people.
};
/// Nothing when the delivery does not say.
std::optional<Actor> actor_of(const SourceRow& source, const nlohmann::json& payload);

/// What a delivery of a forge is about.
struct Subject {
  std::string field;  ///< "issue" or "pull_request": where it lies in the payload.
  std::int64_t number = 0;
  std::string state;  ///< "open" or "closed", as the delivery says.
};
std::optional<Subject> subject_of(const nlohmann::json& payload);

}  // namespace changeling::webhooks
