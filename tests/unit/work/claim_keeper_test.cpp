#include "work/claim_keeper.hpp"

#include <doctest/doctest.h>

#include "support/error.hpp"
#include "work_fixture.hpp"

using namespace changeling;
using changeling::testing::ready_task;
using changeling::testing::WorkFixture;
using run::ClaimMoment;
using work::ClaimKeeper;

namespace {

struct KeeperFixture : WorkFixture {
  KeeperFixture() { id = add(ready_task("One")).id; }
  ClaimKeeper keep(const work::SourcedClaim& claim) {
    return ClaimKeeper(source, claim, "me", open->clock,
                       [this](std::string_view text) { messages.emplace_back(text); });
  }
  std::string tip() const { return open->repository.resolve(open->store.reference())->hex(); }

  std::string id;
  std::vector<std::string> messages;
};

/// Elsewhere, and not always there.
class FarSource : public work::TaskSource {
 public:
  std::string_view name() const override { return "far"; }
  work::SourceClaim claim(const queue::ClaimFilter&, const std::string&) override {
    return work::NothingReady{};
  }
  bool holds(const work::SourcedClaim&, const std::string&) override {
    ++questions;
    if (away) throw Error(ErrorKind::Unavailable, "far is away");
    return held;
  }
  void renew(const work::SourcedClaim&) override { ++renewals; }
  void finish(const work::SourcedClaim&, const work::TaskResult&) override {}
  int questions = 0;
  int renewals = 0;
  bool away = false;
  bool held = true;
};

}  // namespace

TEST_CASE_FIXTURE(KeeperFixture, "a lease is renewed when half of it has passed, and not before") {
  ClaimKeeper keeper = keep(claim());
  const std::string before = tip();
  open->clock.time += std::chrono::minutes(4);
  CHECK(keeper.holds(ClaimMoment::Working));
  CHECK(tip() == before);
  open->clock.time += std::chrono::minutes(1);
  CHECK(keeper.holds(ClaimMoment::Working));
  CHECK(tip() != before);
  CHECK(task(id).lease->expires_at == open->clock.time + std::chrono::minutes(10));
  const std::string after = tip();
  for (int minute = 0; minute < 4; ++minute) {
    open->clock.time += std::chrono::minutes(1);
    CHECK(keeper.holds(ClaimMoment::Working));
  }
  CHECK(tip() == after);
}

TEST_CASE_FIXTURE(KeeperFixture, "a claim that somebody else has is lost, for good") {
  ClaimKeeper keeper = keep(claim());
  CHECK(keeper.holds(ClaimMoment::Publishing));
  take_over();
  CHECK_FALSE(keeper.holds(ClaimMoment::Publishing));
  CHECK_FALSE(keeper.holds(ClaimMoment::Working));
  CHECK(task(id).lease->owner == "other");
}

TEST_CASE_FIXTURE(KeeperFixture, "so is the claim of a task that was blocked or removed") {
  ClaimKeeper keeper = keep(claim());
  queue.block(id, "no");
  CHECK_FALSE(keeper.holds(ClaimMoment::Working));
  const auto other = add(ready_task("Two"));
  ClaimKeeper second = keep(claim());
  queue.remove({other.id}, queue::RemovalPolicy::Any);
  CHECK_FALSE(second.holds(ClaimMoment::Working));
}

TEST_CASE_FIXTURE(KeeperFixture, "work that is late counts as long as nobody else has the task") {
  ClaimKeeper keeper = keep(claim());
  open->clock.time += std::chrono::hours(3);
  CHECK(keeper.holds(ClaimMoment::Working));
  CHECK(task(id).lease->expires_at > open->clock.time);
}

TEST_CASE_FIXTURE(KeeperFixture, "a source elsewhere is asked seldom, and always before a publication") {
  FarSource far;
  ClaimKeeper keeper(far, {}, "me", open->clock,
                     [this](std::string_view text) { messages.emplace_back(text); });
  for (int second = 0; second < 60; ++second) {
    CHECK(keeper.holds(ClaimMoment::Working));
    open->clock.time += std::chrono::seconds(1);
  }
  CHECK(far.questions == 2);
  CHECK(far.renewals == 0);
  CHECK(keeper.holds(ClaimMoment::Publishing));
  CHECK(far.questions == 3);
  far.away = true;
  open->clock.time += std::chrono::minutes(1);
  CHECK(keeper.holds(ClaimMoment::Working));
  CHECK(messages.size() == 1);
  CHECK_THROWS_AS(keeper.holds(ClaimMoment::Publishing), Error);
  far.away = false;
  far.held = false;
  CHECK_FALSE(keeper.holds(ClaimMoment::Publishing));
}
