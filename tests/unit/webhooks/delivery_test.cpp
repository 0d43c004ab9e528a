#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "../open_project.hpp"
#include "store/delivery_record.hpp"
#include "store/task_records.hpp"
#include "support/error.hpp"
#include "support/json.hpp"
#include "webhooks/hmac.hpp"
#include "webhooks/reception.hpp"
#include "webhooks/secret_store.hpp"
#include "webhooks/work_off.hpp"
#include "webhooks/write_webhook.hpp"

using namespace changeling;
using namespace changeling::webhooks;
using changeling::testing::error_of;
using changeling::testing::OpenProject;

namespace {

constexpr auto secret = "a secret of sixteen letters";

/// A repository with the webhook `triage` of GitHub, which adds tasks, and a forge that says what it is told.
struct Receiving : OpenProject {
  Receiving() {
    project.store().initialize();
    write(project::Author::User, [](store::WebhookRecord webhook) {
      webhook.source = "github";
      webhook.task = "Look at {title}";
      return webhook;
    });
    SecretStore(project).set("triage", secret, SecretStore::Before::Dropped);
  }

  void write(project::Author author, const std::function<store::WebhookRecord(store::WebhookRecord)>& edit) {
    write_webhook(project, "triage", project::Expectation::Either, edit, author);
  }

  Headers headers_of(const std::string& body, const std::string& id = "d1") const {
    return {{"x-github-event", "issues"},
            {"x-github-delivery", id},
            {"authorization", "Basic abc"},
            {"x-hub-signature-256", "sha256=" + hex_of(hmac_sha256(secret, {body}))}};
  }
  Reception send(const std::string& body, const std::string& id = "d1") {
    return receive(project, "triage", headers_of(body, id), body);
  }

  KeptDelivery delivery() const {
    KeptDelivery delivery;
    delivery.webhook = "triage";
    delivery.source = "github";
    delivery.delivery = "d1";
    delivery.event = "issues.opened";
    delivery.key = store::delivery_key("triage", "github", "d1");
    return delivery;
  }
  Finding decide() {
    return decide_and_act(project, delivery(), payload.dump(),
                          [this] { return has_forge ? std::optional(forge) : std::nullopt; });
  }

  Json payload{{"action", "opened"},
               {"issue", {{"number", 5}, {"title", "It breaks"}, {"state", "open"}}},
               {"repository", {{"full_name", "Acme/Widget"}}},
               {"sender", {{"id", 12}, {"login", "ada"}}}};
  bool has_forge = true;
  bool may_write = true;
  std::optional<Json> current = payload.at("issue");
  SourceForge forge{"acme/widget", [this](const Actor&) { return may_write; },
                    [this](const Subject&) { return current; }};
};

}  // namespace

TEST_CASE_FIXTURE(Receiving, "a signed delivery is kept once, without what would let others in") {
  const std::string body = payload.dump();
  const Reception first = send(body);
  CHECK(first.status == 202);
  CHECK(first.is_new);
  const auto waiting = kept_deliveries(project).waiting();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting.front().event == "issues.opened");
  CHECK(waiting.front().key == first.answer.at("delivery"));
  CHECK_FALSE(waiting.front().headers.contains("authorization"));
  CHECK(kept_deliveries(project).body(waiting.front().key) == body);
  const Reception again = send(body);
  CHECK(again.status == 200);
  CHECK(again.answer.at("duplicate") == true);
  CHECK_FALSE(again.is_new);
  payload["issue"]["number"] = 6;
  CHECK(send(payload.dump(), "d2").status == 202);
}

TEST_CASE_FIXTURE(Receiving, "a captured delivery starts nothing under another id or event") {
  const std::string body = payload.dump();
  const std::string key = send(body).answer.at("delivery");
  Headers headers = headers_of(body, "d2");
  headers["x-github-event"] = "push";
  const Reception again = receive(project, "triage", headers, body);
  CHECK(again.status == 200);
  CHECK(again.answer == Json{{"delivery", key}, {"duplicate", true}});
  KeptDelivery done = kept_deliveries(project).find(key);
  done.outcome = "ignored";
  kept_deliveries(project).finish(done);
  CHECK(send(body, "d3").status == 200);
  CHECK(kept_deliveries(project).all().size() == 1);
}

TEST_CASE_FIXTURE(Receiving, "a body is forgotten with its delivery") {
  const std::string body = payload.dump();
  const std::string key = send(body).answer.at("delivery");
  const KeptDeliveries kept = kept_deliveries(project);
  KeptDelivery done = kept.find(key);
  done.outcome = "ignored";
  kept.finish(done);
  kept.forget_old(done.received_at + std::chrono::hours(24 * 29));
  CHECK(send(body, "d2").status == 200);
  kept.forget_old(done.received_at + std::chrono::hours(24 * 31));
  CHECK(kept.all().empty());
  CHECK(std::filesystem::is_empty(project.places().local_folder() / "deliveries" / "digests"));
  CHECK(send(body, "d2").status == 202);
}

TEST_CASE_FIXTURE(Receiving, "lists have no signature, and what is kept has it for a replay") {
  const std::string key = send(payload.dump()).answer.at("delivery");
  const KeptDelivery kept = kept_deliveries(project).find(key);
  CHECK(kept.headers.contains("x-hub-signature-256"));
  CHECK(to_json(kept).at("headers") == Json{{"x-github-event", "issues"}, {"x-github-delivery", "d1"}});
  KeptDelivery other = kept;
  other.headers.clear();
  for (const char* name : {"x-hub-signature", "webhook-signature", "x-gitea-signature", "x-forgejo-signature",
                           "x-slack-signature", "linear-signature", "x-gitlab-token", "authorization"})
    other.headers[name] = "secret";
  CHECK(to_json(other).at("headers") == Json::object());
}

TEST_CASE_FIXTURE(Receiving, "what is not signed, not there, or switched off is not kept") {
  const std::string body = payload.dump();
  Headers headers = headers_of(body);
  headers["x-hub-signature-256"].back() ^= 1;
  CHECK(receive(project, "triage", headers, body).status == 401);
  CHECK(receive(project, "triage", {}, body).status == 401);
  CHECK(receive(project, "nobody", headers_of(body), body).status == 404);
  CHECK(receive(project, "../triage", headers_of(body), body).status == 404);
  CHECK(receive(project, "", headers_of(body), body).status == 404);
  CHECK(send("no JSON").status == 400);
  CHECK(send("[1]").status == 400);
  const std::string deep = std::string(5000, '[') + std::string(5000, ']');
  CHECK(send(deep).status == 400);
  write(project::Author::User, [](store::WebhookRecord webhook) {
    webhook.enabled = false;
    return webhook;
  });
  CHECK(send(body).status == 404);
  CHECK(kept_deliveries(project).all().empty());
}

TEST_CASE_FIXTURE(Receiving, "a webhook without a secret on this machine receives nothing") {
  SecretStore(project).remove("triage");
  CHECK(send(payload.dump()).status == 404);
}

TEST_CASE_FIXTURE(Receiving, "secrets that others can read are none") {
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home.path() / ".config"))
    if (entry.path().filename() == "triage.json") file = entry.path();
  REQUIRE(!file.empty());
  std::filesystem::permissions(file, std::filesystem::perms(0644));
  CHECK(send(payload.dump()).status == 404);
  CHECK(was_told("may be read or written by others"));
}

TEST_CASE_FIXTURE(Receiving, "both secrets are taken while they are changed") {
  SecretStore(project).set("triage", "another secret of letters", SecretStore::Before::Kept);
  CHECK(send(payload.dump()).status == 202);
  CHECK(SecretStore(project).drop_older("triage"));
  CHECK(send(payload.dump(), "d2").status == 401);
  CHECK_FALSE(SecretStore(project).drop_older("triage"));
}

TEST_CASE_FIXTURE(Receiving, "a damaged webhook receives nothing, and may go") {
  write_record(store::webhook_path("triage"), "{");
  CHECK(send(payload.dump()).status == 404);
  CHECK(error_of([&] { find_webhook(project, "triage"); }).value().kind() == ErrorKind::Invalid);
  require_removable(project, "triage");
  remove_webhook(project, "triage");
  CHECK(error_of([&] { require_removable(project, "triage"); }).value().kind() == ErrorKind::NotFound);
}

TEST_CASE_FIXTURE(Receiving, "GitHub's ping is answered, and nothing comes of it") {
  const std::string body = R"({"zen":"Keep it logically awesome."})";
  Headers headers = headers_of(body);
  headers["x-github-event"] = "ping";
  const Reception reception = receive(project, "triage", headers, body);
  CHECK(reception.status == 200);
  CHECK_FALSE(reception.is_new);
  CHECK(kept_deliveries(project).all().empty());
}

TEST_CASE_FIXTURE(Receiving, "a delivery becomes a task, once, with what the forge has now") {
  (*current)["title"] = "It breaks often";
  const Finding finding = decide();
  CHECK(finding.outcome == Outcome::Added);
  CHECK(project.tasks().find(finding.task).title == "Look at It breaks often");
  CHECK(project.tasks().find(finding.task).source == "webhook:triage");
  CHECK(decide().task == finding.task);
  const auto record = store::read_delivery(project.snapshot(), delivery().key);
  REQUIRE(record.has_value());
  CHECK(record->outcome == "task-added");
  CHECK(record->task == finding.task);
  // The random word of the clone itself is on no reference.
  CHECK(record->claimant != project.repository().config("changeling.repositoryId"));
}

TEST_CASE_FIXTURE(Receiving, "who may not write, or cannot be asked for, starts nothing") {
  may_write = false;
  CHECK(decide().outcome == Outcome::Refused);
  may_write = true;
  payload["repository"]["full_name"] = "acme/other";
  CHECK(decide().outcome == Outcome::Refused);
  payload["repository"]["full_name"] = "acme/widget";
  payload.erase("sender");
  CHECK(decide().outcome == Outcome::Refused);
  payload["sender"] = {{"id", 12}, {"login", "ada"}};
  has_forge = false;
  CHECK(decide().outcome == Outcome::Refused);
  CHECK_FALSE(store::read_delivery(project.snapshot(), delivery().key).has_value());
  write(project::Author::User, [](store::WebhookRecord webhook) {
    webhook.actors = {"12"};
    return webhook;
  });
  CHECK(decide().outcome == Outcome::Added);
}

TEST_CASE_FIXTURE(Receiving, "what the forge sees otherwise is outdated") {
  (*current)["state"] = "closed";
  CHECK(decide().outcome == Outcome::Outdated);
  current.reset();
  CHECK(decide().outcome == Outcome::Outdated);
  payload["issue"]["state"] = "closed";
  current = payload.at("issue");
  CHECK(decide().outcome == Outcome::Added);
}

TEST_CASE_FIXTURE(Receiving, "a forge that does not answer lets the delivery wait") {
  forge.may_write = [](const Actor&) -> bool { throw Error(ErrorKind::Unavailable, "no answer"); };
  const auto error = error_of([&] { decide(); });
  REQUIRE(error.has_value());
  CHECK(error->kind() == ErrorKind::Unavailable);
  CHECK_FALSE(store::read_delivery(project.snapshot(), delivery().key).has_value());
}

TEST_CASE_FIXTURE(Receiving, "our own mark starts nothing, also one that only the forge shows") {
  (*current)["body"] = "<!-- git-changeling: changeling=a run=b -->";
  CHECK(decide().outcome == Outcome::Refused);
  payload["issue"]["body"] = "<!-- git-changeling-claim: worker=w -->";
  CHECK(decide().outcome == Outcome::Refused);
}

TEST_CASE_FIXTURE(Receiving, "a webhook that somebody else has changed waits for trust") {
  write(project::Author::Other, [](store::WebhookRecord webhook) {
    webhook.task = "Do what {text} says";
    return webhook;
  });
  const Finding finding = decide();
  CHECK(finding.outcome == Outcome::NotTrusted);
  CHECK(finding.detail.find("git changeling trust webhook:triage") != std::string::npos);
}

TEST_CASE_FIXTURE(Receiving, "of two machines only the one that was faster acts") {
  store::DeliveryRecord record;
  record.key = delivery().key;
  record.webhook = "triage";
  record.source = "github";
  record.delivery = "d1";
  record.machine = "elsewhere";
  record.claimant = "another clone";
  write_record(store::delivery_path(record.key), store::to_json(record).dump());
  const Finding finding = decide();
  CHECK(finding.outcome == Outcome::Taken);
  CHECK(finding.detail == "elsewhere has it");
  CHECK_FALSE(store::read_task(project.snapshot(), record.key.substr(0, 16)).has_value());
  CHECK(send(payload.dump()).answer.at("duplicate") == true);
}

TEST_CASE_FIXTURE(Receiving, "a delivery is replayed with its signature, but not with a wrong one") {
  const std::string key = send(payload.dump()).answer.at("delivery");
  KeptDelivery done = kept_deliveries(project).find(key);
  done.outcome = "ignored";
  kept_deliveries(project).finish(done);
  CHECK(kept_deliveries(project).waiting().empty());
  const KeptDelivery again = replay(project, key.substr(0, 8));
  CHECK(again.key != key);
  CHECK(again.replay_of == key);
  CHECK(kept_deliveries(project).waiting().size() == 1);
  CHECK(kept_deliveries(project).all().size() == 2);
  SecretStore(project).set("triage", "another secret of letters", SecretStore::Before::Dropped);
  CHECK(error_of([&] { replay(project, key); }).value().kind() == ErrorKind::Refused);
  CHECK(error_of([&] { replay(project, "nothing"); }).value().kind() == ErrorKind::NotFound);
}

TEST_CASE_FIXTURE(Receiving, "a webhook that could never work is refused") {
  const auto refused = [&](const std::function<void(store::WebhookRecord&)>& spoil) {
    return error_of([&] {
      write(project::Author::User, [&](store::WebhookRecord webhook) {
        spoil(webhook);
        return webhook;
      });
    });
  };
  CHECK(refused([](auto& webhook) { webhook.source = "gihub"; }).value().hint().find("github") !=
        std::string::npos);
  CHECK(refused([](auto& webhook) { webhook.task = "{titel}"; }).value().hint().find("title") !=
        std::string::npos);
  CHECK(refused([](auto& webhook) { webhook.mapping = {{"a", "no/pointer"}}; }).has_value());
  CHECK(refused([](auto& webhook) { webhook.mapping = {{"A B", "/a"}}; }).has_value());
  CHECK(refused([](auto& webhook) { webhook.conditions = {{"/a~2", "x"}}; }).has_value());
  CHECK(refused([](auto& webhook) { webhook.status = "done"; }).has_value());
  CHECK(refused([](auto& webhook) { webhook.task = ""; }).has_value());
  CHECK(refused([](auto& webhook) {
          webhook.task = "";
          webhook.changeling = "nobody";
        }).has_value());
  CHECK_FALSE(refused([](auto& webhook) { webhook.task = "{/issue/title} {event}"; }).has_value());
}
