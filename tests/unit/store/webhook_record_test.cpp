#include "store/webhook_record.hpp"

#include <doctest/doctest.h>

#include "../error_of.hpp"
#include "open_store.hpp"
#include "store/compaction.hpp"
#include "store/delivery_record.hpp"
#include "store/record_kinds.hpp"
#include "store/record_merge.hpp"
#include "support/json.hpp"

using namespace changeling;
using namespace changeling::store;
using changeling::testing::error_of;
namespace testing = changeling::testing;

namespace {

DeliveryRecord delivery() {
  DeliveryRecord record;
  record.key = delivery_key("triage", "github", "72d3162e");
  record.webhook = "triage";
  record.source = "github";
  record.delivery = "72d3162e";
  record.claimed_at = Timestamp(std::chrono::seconds(1'700'000'000));
  return record;
}

std::string text_of(const DeliveryRecord& record) {
  return to_json(record).dump();
}

}  // namespace

TEST_CASE("a webhook survives being written and read") {
  WebhookRecord webhook;
  webhook.name = "triage";
  webhook.source = "github";
  webhook.task = "Look at {title}";
  webhook.role = "reviewer";
  webhook.status = "ready";
  webhook.events = {"issues.opened"};
  webhook.conditions = {{"/label/name", "bug"}};
  webhook.mapping = {{"title", "/issue/title"}};
  webhook.actors = {"12"};
  webhook.enabled = false;
  CHECK(to_json(webhook_from_json(to_json(webhook), "here")) == to_json(webhook));
}

TEST_CASE("a webhook without a target, or with two, is none") {
  const Json both{{"name", "a"}, {"source", "github"}, {"changeling", "x"}, {"task", "y"}};
  const Json none{{"name", "a"}, {"source", "github"}};
  for (const Json& wrong : {both, none, Json("text"), Json{{"name", "a"}, {"task", "y"}},
                            Json{{"name", "a"}, {"source", "s"}, {"task", "y"}, {"mapping", {1}}}}) {
    CAPTURE(wrong.dump());
    const auto error = error_of([&] { static_cast<void>(webhook_from_json(wrong, "here")); });
    REQUIRE(error.has_value());
    CHECK(std::string(error->what()).starts_with("here: "));
  }
}

TEST_CASE("webhooks and deliveries have places of their own") {
  CHECK(webhook_of("webhooks/triage.json") == "triage");
  CHECK_FALSE(webhook_of("webhooks/.json").has_value());
  CHECK_FALSE(webhook_of("webhooks/a/b.json").has_value());
  CHECK_FALSE(webhook_of("webhooks/triage.toml").has_value());
  const std::string key = delivery().key;
  CHECK(delivery_key_of(delivery_path(key)) == key);
  CHECK_FALSE(delivery_key_of("deliveries/ab/cd/short.json").has_value());
  CHECK_FALSE(delivery_key_of("deliveries/xx/yy/" + key + ".json").has_value());
}

TEST_CASE("a key is of one delivery alone") {
  CHECK(delivery_key("a", "b", "c") == delivery_key("a", "b", "c"));
  CHECK(delivery_key("a", "b", "c") != delivery_key("a", "b c", ""));
  CHECK(delivery_key("ab", "", "c") != delivery_key("a", "b", "c"));
}

TEST_CASE("of two machines that took a delivery the published one has it, unless ours has an outcome") {
  DeliveryRecord ours = delivery();
  ours.machine = "ours";
  DeliveryRecord published = delivery();
  published.machine = "theirs";
  const std::string path = delivery_path(ours.key);
  const auto merged = [&] {
    return delivery_from_json(
        Json::parse(*merge_record(path, {std::nullopt, text_of(ours), text_of(published)}).content), path);
  };
  CHECK(merged().machine == "theirs");
  ours.outcome = "started";
  CHECK(merged().machine == "ours");
  published.outcome = "started";
  CHECK(merged().machine == "theirs");
}

TEST_CASE("compact forgets a delivery after thirty days, and not before") {
  const testing::TemporaryRepository home;
  testing::OpenStore place(home);
  place.store.initialize();
  place.store.update({"take it", "delivery.claim", {}},
                     [](const Snapshot&, Change& change) { write_delivery(change, delivery()); });
  const auto is_kept_after = [&](Duration age) {
    place.store.update({"compact", "compact", {}}, [&](const Snapshot& snapshot, Change& change) {
      CompactionOptions options;
      options.now = delivery().claimed_at + age;
      for (const RecordKind* kind : record_kinds())
        if (kind->archive != nullptr) kind->archive(snapshot, options, change);
    });
    return read_delivery(place.store.snapshot(), delivery().key).has_value();
  };
  CHECK(is_kept_after(std::chrono::hours(24 * 29)));
  CHECK_FALSE(is_kept_after(std::chrono::hours(24 * 31)));
}
