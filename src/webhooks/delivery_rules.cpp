#include "webhooks/delivery_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "project/branch_prefix.hpp"
#include "project/trust.hpp"
#include "project/webhook_trust.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "webhooks/judgement.hpp"

namespace changeling::webhooks {
namespace {

using MaybeFinding = std::optional<Finding>;

Finding finding_of(const project::Standing& standing) {
  return {Outcome::NotTrusted, with_hint(project::not_trusted(standing))};
}

MaybeFinding untrusted_webhook(project::Project& project, const store::WebhookRecord& webhook) {
  const project::Standing standing =
      project::standing_of(project::open_approvals(project), project::approval_subject(webhook));
  return standing.trusted() ? MaybeFinding() : finding_of(standing);
}

/// Asked before the delivery is claimed: another machine may trust it.
MaybeFinding unready_changeling(project::Project& project, const std::string& name) {
  const auto set = project::DefinitionSet::load(project, project::FileReading::BaseBranch);
  const Definition definition = set.resolve(name).definition;
  if (!definition.enabled) return Finding{Outcome::Ignored, fmt::format("{} is disabled", name)};
  const project::Standing standing =
      project::standing_of(project::open_approvals(project), project::changeling_subject(set, definition));
  return standing.trusted() ? MaybeFinding() : finding_of(standing);
}

MaybeFinding own_work_finding(project::Project& project, const Json& payload) {
  const std::string reason = own_work(payload, project::branch_prefix(project.repository()));
  if (!reason.empty()) return Finding{Outcome::Refused, reason};
  if (text_at(payload, "/ref") == project.store().reference())
    return Finding{Outcome::Refused, "/ref is the state of git-changeling"};
  return std::nullopt;
}

bool is_listed(const store::WebhookRecord& webhook, const Actor& actor) {
  return std::find(webhook.actors.begin(), webhook.actors.end(), actor.id) != webhook.actors.end();
}

std::string named(const Actor& actor) {
  return fmt::format("{} (id {})", shortened(without_controls(actor.login)),
                     shortened(without_controls(actor.id)));
}

MaybeFinding other_repository(const SourceForge& forge, const Json& payload) {
  const std::string full_name = text_at(payload, "/repository/full_name").value_or("");
  if (to_lower(full_name) == to_lower(forge.repository)) return std::nullopt;
  return Finding{Outcome::Refused,
                 fmt::format("it is about the repository '{}'", shortened(without_controls(full_name)))};
}

MaybeFinding refuse_actor(const store::WebhookRecord& webhook, const Actor& actor,
                          const std::optional<SourceForge>& forge) {
  if (is_listed(webhook, actor)) return std::nullopt;
  if (!forge)
    return Finding{Outcome::Refused,
                   fmt::format("nobody can be asked what {} may do; to allow it: git changeling webhook add "
                               "{} --update --allow-actor {}",
                               named(actor), webhook.name, shortened(without_controls(actor.id)))};
  if (forge->may_write(actor)) return std::nullopt;
  return Finding{Outcome::Refused, fmt::format("{} may not write to the repository", named(actor))};
}

/// Puts what the forge has now in the place of what the delivery says.
MaybeFinding bring_up(const SourceForge& forge, Json& payload) {
  const auto subject = subject_of(payload);
  if (!subject) return std::nullopt;
  auto current = forge.current(*subject);
  if (!current) return Finding{Outcome::Outdated, fmt::format("there is no #{} any more", subject->number)};
  const std::string state = text_at(*current, "/state").value_or("");
  if (state != subject->state)
    return Finding{Outcome::Outdated,
                   fmt::format("#{} is {} by now", subject->number, shortened(without_controls(state)))};
  payload[subject->field] = std::move(*current);
  return std::nullopt;
}

MaybeFinding ask_forge(const store::WebhookRecord& webhook, const SourceRow& source, Json& payload,
                       const OpenForge& open_forge) {
  if (source.people == People::None) return std::nullopt;
  const auto actor = actor_of(source, payload);
  if (!actor) return Finding{Outcome::Refused, "it does not say who caused it"};
  const auto forge = source.people == People::Asked ? open_forge() : std::nullopt;
  if (forge) {
    if (auto finding = other_repository(*forge, payload)) return finding;
  }
  if (auto finding = refuse_actor(webhook, *actor, forge)) return finding;
  return forge ? bring_up(*forge, payload) : std::nullopt;
}

}  // namespace

std::variant<Finding, Wanted> judge(project::Project& project, const KeptDelivery& delivery, Json payload,
                                    const OpenForge& open_forge) {
  auto webhook = store::read_webhook(project.snapshot(), delivery.webhook);
  if (!webhook) return Finding{Outcome::Ignored, "the webhook is gone"};
  if (!webhook->enabled) return Finding{Outcome::Ignored, "the webhook is switched off"};
  if (auto finding = untrusted_webhook(project, *webhook)) return *finding;
  if (const std::string reason = reason_to_ignore(*webhook, delivery.event, payload); !reason.empty())
    return Finding{Outcome::Ignored, reason};
  if (auto finding = own_work_finding(project, payload)) return *finding;
  if (!webhook->changeling.empty()) {
    if (auto finding = unready_changeling(project, webhook->changeling)) return *finding;
  }
  if (auto finding = ask_forge(*webhook, find_source(webhook->source), payload, open_forge)) return *finding;
  // What the forge has now may have got a mark meanwhile.
  if (auto finding = own_work_finding(project, payload)) return *finding;
  return Wanted{std::move(*webhook), std::move(payload)};
}

}  // namespace changeling::webhooks
