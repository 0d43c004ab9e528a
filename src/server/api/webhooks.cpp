#include "server/api/handlers.hpp"
#include "store/webhook_record.hpp"
#include "support/error.hpp"
#include "view/damage.hpp"
#include "view/webhook.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/sources.hpp"
#include "webhooks/trial.hpp"
#include "webhooks/work_off.hpp"
#include "webhooks/write_webhook.hpp"

namespace changeling::server::api {
namespace {

Reply webhook_reply(Call& call, const std::string& name) {
  std::string record = record_at(call.project, store::webhook_path(name));
  return {view::to_json(call.project, webhooks::find_webhook(call.project, name)), std::move(record)};
}

/// The one that was given, or a new one where this machine has none.
void keep_secret(Call& call, const store::WebhookRecord& webhook) {
  using Before = webhooks::SecretStore::Before;
  const webhooks::SecretStore store(call.project);
  if (call.has("secret")) return store.set(webhook.name, call.given("secret"), Before::Kept);
  if (!webhook.poll && store.secrets(webhook.name).empty())
    store.set(webhook.name, webhooks::new_secret(webhooks::find_source(webhook.source).secret),
              Before::Dropped);
}

void check_secret(const Call& call, const store::WebhookRecord& webhook) {
  if (!call.has("secret")) return;
  const std::string problem =
      webhooks::secret_problem(webhooks::find_source(webhook.source), call.given("secret"));
  if (!problem.empty()) throw Error(ErrorKind::Invalid, "secret: " + problem);
}

Reply write(Call& call, const std::string& name, project::Expectation expectation) {
  Json fields = call.body;
  fields.erase("secret");
  const auto written = webhooks::write_webhook(
      call.project, name, expectation,
      [&](store::WebhookRecord webhook) {
        webhook = webhooks::edited(std::move(webhook), fields, "the request's body");
        check_secret(call, webhook);
        return webhook;
      },
      project::Author::Other);
  keep_secret(call, written.webhook);
  return webhook_reply(call, name);
}

}  // namespace

namespace handlers {

Reply list_webhooks(Call& call) {
  store::DamagedRecords damaged;
  Json list = Json::array();
  for (const auto& [name, webhook] : store::read_webhooks(call.project.snapshot(), &damaged))
    list.push_back(view::to_json(call.project, webhook));
  call.project.damage().note(damaged);
  return {{{"webhooks", std::move(list)}, {"damaged", view::to_json(call.project.damage())}}};
}

Reply get_webhook(Call& call) {
  return webhook_reply(call, call.at("webhook"));
}

Reply create_webhook(Call& call) {
  const std::string name = call.given("name");
  Reply reply = write(call, name, project::Expectation::Missing);
  reply.status = 201;
  reply.headers["location"] = "webhooks/" + name;
  return reply;
}

Reply edit_webhook(Call& call) {
  call.project.require_state();
  const std::string& name = call.at("webhook");
  expect_file(call, store::webhook_path(name));
  static_cast<void>(webhooks::find_webhook(call.project, name));
  return write(call, name, project::Expectation::Present);
}

Reply remove_webhook(Call& call) {
  call.project.require_state();
  const std::string& name = call.at("webhook");
  expect_file(call, store::webhook_path(name));
  webhooks::require_removable(call.project, name);
  webhooks::remove_webhook(call.project, name);
  return {{{"removed", {name}}}};
}

Reply finish_rotation(Call& call) {
  const std::string& name = call.at("webhook");
  static_cast<void>(webhooks::find_webhook(call.project, name));
  webhooks::SecretStore(call.project).drop_older(name);
  return webhook_reply(call, name);
}

Reply try_delivery(Call& call) {
  const store::WebhookRecord webhook = webhooks::find_webhook(call.project, call.at("webhook"));
  return {webhooks::to_json(
      webhooks::try_delivery(call.project, webhook, call.given("text"), call.given("event")))};
}

Reply list_deliveries(Call& call) {
  const std::string& name = call.at("webhook");
  static_cast<void>(webhooks::find_webhook(call.project, name));
  return {{{"deliveries", view::deliveries_json(call.project, name, call.limit())}}};
}

Reply replay_delivery(Call& call) {
  static_cast<void>(webhooks::find_webhook(call.project, call.at("webhook")));
  const webhooks::KeptDelivery again =
      webhooks::replay(call.project, call.at("delivery"), call.at("webhook"));
  Reply reply{{{"key", again.key}, {"replay_of", again.replay_of}}};
  reply.status = 202;
  return reply;
}

}  // namespace handlers
}  // namespace changeling::server::api
