#include "store/deployment_record.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "open_store.hpp"
#include "store/record_merge.hpp"
#include "support/error.hpp"

using namespace changeling;
using namespace changeling::testing;
using store::DeploymentRecord;
using store::DeploymentTarget;

namespace {

DeploymentRecord deployment(const std::string& changeling, int seconds = 0) {
  DeploymentRecord record;
  record.changeling = changeling;
  record.deployed_at = fixed_clock.now() + std::chrono::seconds(seconds);
  record.deployed_by = "Ada <ada@example.com>";
  record.digest = std::string(64, 'a');
  record.workflow = ".github/workflows/changeling-" + changeling + ".yml";
  return record;
}

void write(store::Store& store, const DeploymentRecord& record) {
  store.update({"deploy", "deploy", {}},
               [&](const store::Snapshot&, store::Change& change) { write_deployment(change, record); });
}

}  // namespace

TEST_CASE("a deployment is read as it was written") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  DeploymentRecord modal = deployment("night");
  modal.target = DeploymentTarget::Modal;
  modal.workflow.clear();
  modal.app = "changeling-project-night";
  write(open.store, deployment("sprite"));
  write(open.store, modal);
  std::vector<std::string> warnings;
  const auto all = read_deployments(open.store.snapshot(), warnings);
  CHECK(warnings.empty());
  REQUIRE(all.size() == 2);
  CHECK(to_json(all.at("sprite")) == to_json(deployment("sprite")));
  CHECK(to_json(all.at("night")) == to_json(modal));
  CHECK(to_json(modal)["workflow"].is_null());
  CHECK(to_json(*read_deployment(open.store.snapshot(), "night")) == to_json(modal));
}

TEST_CASE("what was taken back is not there") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  CHECK_FALSE(read_deployment(open.store.snapshot(), "sprite"));
  write(open.store, deployment("sprite"));
  open.store.update({"undeploy", "undeploy", {}}, [](const store::Snapshot&, store::Change& change) {
    store::remove_deployment(change, "sprite");
  });
  CHECK_FALSE(read_deployment(open.store.snapshot(), "sprite"));
}

TEST_CASE("a damaged deployment is named and hides no other") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  write(open.store, deployment("sprite"));
  open.store.update({"damage", "damage", {}}, [](const store::Snapshot&, store::Change& change) {
    change.write(store::deployment_path("broken"), "{");
    change.write(store::deployment_path("elsewhere"),
                 R"({"changeling": "elsewhere", "to": "mars", "deployed_at": "2026-01-01T00:00:00Z"})");
  });
  std::vector<std::string> warnings;
  const auto all = read_deployments(open.store.snapshot(), warnings);
  CHECK(all.size() == 1);
  REQUIRE(warnings.size() == 2);
  CHECK(warnings[0].find("deployments/broken.json") != std::string::npos);
  CHECK(warnings[1].find("\"mars\" is not allowed; allowed are github-actions, modal") != std::string::npos);
  CHECK_THROWS_AS(read_deployment(open.store.snapshot(), "elsewhere"), Error);
}

TEST_CASE("of two deployments of one changeling the later counts, the published one at the same instant") {
  const std::string path = store::deployment_path("sprite");
  const auto text = [](const DeploymentRecord& record) { return to_json(record).dump(2) + "\n"; };
  DeploymentRecord other = deployment("sprite", 1);
  other.deployed_by = "Grace <grace@example.com>";
  const std::string base = text(deployment("sprite"));
  const std::string early = text(deployment("sprite", 1));
  const std::string late = text(deployment("sprite", 2));
  CHECK(store::merge_record(path, {base, late, early}).content == late);
  CHECK(store::merge_record(path, {base, early, late}).content == late);
  CHECK(store::merge_record(path, {base, early, text(other)}).content == text(other));
  CHECK(store::merge_record(path, {std::nullopt, "{", early}).content == early);
  SUBCASE("taken back on one side only") {
    CHECK_FALSE(store::merge_record(path, {base, std::nullopt, base}).content);
    CHECK(store::merge_record(path, {base, std::nullopt, late}).content == late);
  }
}

TEST_CASE("a deployment under a name that is none, or of another changeling, is left out and named") {
  const TemporaryRepository home;
  OpenStore open(home);
  open.store.initialize();
  const std::string text = store::to_json(deployment("sound")).dump();
  open.store.update({"test", "test", {}}, [&](const store::Snapshot&, store::Change& change) {
    for (const char* name : {"sound", "x;y", "other"})
      change.write(std::string("deployments/") + name + ".json", text);
  });
  std::vector<std::string> warnings;
  CHECK(store::read_deployments(open.store.snapshot(), warnings).size() == 1);
  CHECK(warnings.size() == 2);
}
