#include "webhooks/work_off.hpp"

#include <fmt/format.h>

#include "project/host_name.hpp"
#include "project/sharing.hpp"
#include "store/delivery_record.hpp"
#include "support/error.hpp"
#include "support/files.hpp"
#include "support/json.hpp"
#include "support/text.hpp"
#include "webhooks/delivery_action.hpp"
#include "webhooks/delivery_rules.hpp"
#include "webhooks/reception.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"

namespace changeling::webhooks {
namespace {

void finish(project::Project& project, const KeptDeliveries& kept, KeptDelivery delivery,
            const Finding& finding) {
  delivery.problem.clear();
  delivery.outcome = to_string(finding.outcome);
  delivery.detail = finding.detail;
  delivery.run = finding.run;
  delivery.task = finding.task;
  delivery.finished_at = project.clock().now();
  kept.finish(delivery);
}

std::string sentence(const KeptDelivery& delivery, const Finding& finding) {
  std::string text =
      fmt::format("webhook {}: {}: {}", delivery.webhook,
                  delivery.event.empty() ? "a delivery" : delivery.event, to_string(finding.outcome));
  if (!finding.run.empty()) text += " run " + finding.run;
  if (!finding.task.empty()) text += " task " + finding.task;
  if (!finding.detail.empty()) text += ", " + finding.detail;
  return without_controls(text);
}

/// Returns whether it has an outcome now.
bool work_off_one(project::Project& project, const KeptDeliveries& kept, KeptDelivery delivery,
                  const std::function<void(std::string_view)>& on_line) {
  Finding finding;
  try {
    finding = decide_and_act(project, delivery, kept.body(delivery.key),
                             [&] { return open_source_forge(project); });
  } catch (const Error& error) {
    if (may_help_to_wait(error)) {
      delivery.problem = with_hint(error);
      kept.note_problem(delivery);
      return false;
    }
    finding = {Outcome::Failed, with_hint(error)};
  }
  finish(project, kept, delivery, finding);
  on_line(sentence(delivery, finding));
  return true;
}

}  // namespace

std::size_t work_off(project::Project& project, const std::function<void(std::string_view)>& on_line) {
  const KeptDeliveries kept = kept_deliveries(project);
  // Without deliveries nothing is made in the git folder.
  if (kept.waiting().empty()) return 0;
  const auto alone = FileLock::try_acquire(kept.work_lock());
  if (!alone) return 0;
  std::size_t left = 0;
  bool any = false;
  for (const KeptDelivery& delivery : kept.waiting()) {
    project.interruption().check("deliveries wait");
    const bool is_done = work_off_one(project, kept, delivery, on_line);
    any = any || is_done;
    left += is_done ? 0 : 1;
  }
  if (any) project::share_quietly(project);
  kept.forget_old(project.clock().now());
  return left;
}

Finding decide_and_act(project::Project& project, const KeptDelivery& delivery, std::string_view body,
                       const OpenForge& open_forge) {
  const auto judged = judge(project, delivery, parse_json(body, "the body"), open_forge);
  if (const auto* refused = std::get_if<Finding>(&judged)) return *refused;
  return act(project, delivery, std::get<Wanted>(judged));
}

KeptDelivery replay(project::Project& project, const std::string& word, const std::string& webhook) {
  const KeptDeliveries kept = kept_deliveries(project);
  const KeptDelivery before = kept.find(word);
  if (!webhook.empty() && before.webhook != webhook)
    throw Error(ErrorKind::NotFound,
                fmt::format("the webhook {} has no delivery '{}'", webhook, shortened(word)));
  const std::string body = kept.body(before.key);
  const SourceRow& source = find_source(before.source);
  // A token that was sent is not kept; it was right when the delivery came.
  const bool is_signed = before.headers.contains(std::string(source.signature)) ||
                         before.headers.contains("webhook-signature") ||
                         before.headers.contains("x-forgejo-signature");
  if (is_signed && verify(source, before.headers, body, SecretStore(project).secrets(before.webhook),
                          project.clock().now(), Age::Ignored) != Verdict::Right)
    throw Error(ErrorKind::Refused,
                fmt::format("delivery {} is not signed with a secret of today", before.key),
                "let the source send it again");
  KeptDelivery again = before;
  constexpr std::size_t random_letters = 8;
  again.delivery = fmt::format("{}#{}", before.delivery, random_id(random_letters));
  again.key = store::delivery_key(again.webhook, again.source, again.delivery);
  again.replay_of = before.key;
  again.received_at = project.clock().now();
  again.problem = again.outcome = again.detail = again.run = again.task = "";
  again.finished_at.reset();
  if (kept.keep(again, body) == KeptDeliveries::Kept::Full)
    throw Error(ErrorKind::Unavailable, "too many deliveries wait already", "try again later");
  return again;
}

}  // namespace changeling::webhooks
