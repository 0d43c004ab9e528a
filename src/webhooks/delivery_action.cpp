#include "webhooks/delivery_action.hpp"

#include <fmt/format.h>

#include "project/approvals.hpp"
#include "project/host_name.hpp"
#include "project/task_writing.hpp"
#include "run/start.hpp"
#include "store/delivery_record.hpp"
#include "store/records.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "support/sha256.hpp"
#include "support/text.hpp"
#include "webhooks/mapping.hpp"

namespace changeling::webhooks {
namespace {

/// Run and task have their ids from the delivery: whoever goes on after a crash finds what was done.
constexpr std::size_t id_length = 16;

std::string id_from(const KeptDelivery& delivery) {
  return delivery.key.substr(0, id_length);
}

/// This clone, for all the others, who need not know the word itself.
std::string claimant_of(project::Project& project) {
  return sha256_hex("claimant of deliveries " + project::repository_id(project.repository()))
      .substr(0, id_length);
}

store::DeliveryRecord claim_of(project::Project& project, const KeptDelivery& delivery) {
  store::DeliveryRecord record;
  record.key = delivery.key;
  record.webhook = delivery.webhook;
  record.source = delivery.source;
  record.delivery = valid_utf8(delivery.delivery);
  record.event = valid_utf8(delivery.event);
  record.machine = project::host_name();
  record.claimant = claimant_of(project);
  record.claimed_at = project.clock().now();
  return record;
}

store::Operation operation(const KeptDelivery& delivery, const std::string& verb, const std::string& kind) {
  return {fmt::format("webhook {}: {}", delivery.webhook, verb),
          kind,
          {{"Webhook", delivery.webhook}, {"Delivery", delivery.key}}};
}

/// The record of whoever has it: ours, where nobody was faster.
store::DeliveryRecord claim(project::Project& project, const KeptDelivery& delivery) {
  const store::DeliveryRecord ours = claim_of(project, delivery);
  store::DeliveryRecord holder;
  const store::Store::Decide decide = [&](const store::Snapshot& snapshot, store::Change& change) {
    const auto taken = store::read_delivery(snapshot, delivery.key);
    holder = taken.value_or(ours);
    if (!taken) store::write_delivery(change, ours);
    return operation(delivery, "take a delivery", "delivery.claim");
  };
  store::Publisher* publisher = project.publisher();
  if (publisher == nullptr) {
    project.store().update(decide, store::Store::OnWritten());
  } else {
    project.store().update(decide, store::Store::OnWritten(), *publisher);
  }
  return holder;
}

void record_outcome(project::Project& project, const KeptDelivery& delivery, const Finding& finding) {
  project.store().update(operation(delivery, std::string(to_string(finding.outcome)), "delivery.finish"),
                         [&](const store::Snapshot& snapshot, store::Change& change) {
                           auto record = store::read_delivery(snapshot, delivery.key);
                           if (!record) return;
                           record->outcome = to_string(finding.outcome);
                           record->detail = valid_utf8(finding.detail);
                           record->run = finding.run;
                           record->task = finding.task;
                           store::write_delivery(change, *record);
                         });
}

Values values_for(const KeptDelivery& delivery, const Wanted& wanted) {
  return values_of(wanted.webhook, delivery.event, delivery.delivery, wanted.payload);
}

Finding start(project::Project& project, const KeptDelivery& delivery, const Wanted& wanted) {
  run::RunOrder order;
  order.run_id = id_from(delivery);
  if (store::read_run(project.snapshot(), order.run_id)) return {Outcome::Started, "", order.run_id};
  order.changeling = wanted.webhook.changeling;
  order.trigger = std::string(run::webhook_trigger) + wanted.webhook.name;
  order.occasion = occasion_from(values_for(delivery, wanted), wanted.payload);
  const auto result = run::start(project, order);
  if (const auto* started = std::get_if<run::Started>(&result)) return {Outcome::Started, "", started->run};
  if (const auto* skipped = std::get_if<run::Skipped>(&result)) return {Outcome::Skipped, skipped->reason};
  return {Outcome::NotTrusted, project::not_trusted(std::get<run::NotTrusted>(result).standing).what()};
}

queue::Task task_from(project::Project& project, const KeptDelivery& delivery, const Wanted& wanted) {
  const Values values = values_for(delivery, wanted);
  queue::Task task;
  task.id = id_from(delivery);
  task.title = title_from(wanted.webhook, values, wanted.payload);
  task.description = description_from(wanted.webhook, values, wanted.payload);
  task.role = wanted.webhook.role;
  task.acceptance = project::criteria_of_role(project, task.role);
  task.source = fmt::format("webhook:{}", wanted.webhook.name);
  if (!wanted.webhook.status.empty()) task.status = queue::parse_status(wanted.webhook.status);
  return task;
}

Finding add_task(project::Project& project, const KeptDelivery& delivery, const Wanted& wanted) {
  const std::string id = id_from(delivery);
  if (!store::read_task(project.snapshot(), id)) project.tasks().add({task_from(project, delivery, wanted)});
  return {Outcome::Added, "", "", id};
}

Finding do_it(project::Project& project, const KeptDelivery& delivery, const Wanted& wanted) {
  try {
    return wanted.webhook.changeling.empty() ? add_task(project, delivery, wanted)
                                             : start(project, delivery, wanted);
  } catch (const Error& error) {
    if (may_help_to_wait(error)) throw;
    return {Outcome::Failed, with_hint(error)};
  }
}

}  // namespace

bool may_help_to_wait(const Error& error) {
  return error.kind() == ErrorKind::Unavailable || error.kind() == ErrorKind::Interrupted ||
         error.kind() == ErrorKind::Conflict;
}

Finding act(project::Project& project, const KeptDelivery& delivery, const Wanted& wanted) {
  const store::DeliveryRecord holder = claim(project, delivery);
  if (holder.claimant != claimant_of(project))
    return {Outcome::Taken, fmt::format("{} has it", shortened(without_controls(holder.machine)))};
  const Finding finding = do_it(project, delivery, wanted);
  record_outcome(project, delivery, finding);
  return finding;
}

}  // namespace changeling::webhooks
